# What stands around lots: reason codes, production orders, operations, roles, queries.
import java.lang

mes = system.mes

reason = mes.material.newMaterialReasonCode()
reason['lotRecordType'] = 'SCRAP'
reason['reasonCode'] = 'dropped'
reason['requireComments'] = True
reason = mes.material.saveMaterialReasonCode(**reason)
assert mes.material.getMaterialReasonCode('dropped') == reason and reason.createdBy and reason.modifiedDate is None
assert reason.id in [each.id for each in mes.material.getAllMaterialReasonCodes()]

order = mes.productionOrder.newProductionOrder()
order['name'] = 'PO-4711'
order['productId'] = 'Raw/Milk'
order['quantity'] = 10
order = mes.productionOrder.saveProductionOrder(**order)
assert order.productName == 'Milk' and order.quantityProduced == 0.0
assert mes.productionOrder.getProductionOrder('PO-4711').id == order.id

line = mes.operation.newOperation()
line['name'] = 'Skimming'
line['locationId'] = 'Plant/Receiving'
line = mes.operation.saveOperation(**line)
mes.operation.setProductionOrderForOperation(line.id, 'PO-4711')
record = mes.operation.startOperation(line.id)
assert record.status == 'RUNNING' and record.productionOrderName == 'PO-4711'
assert record.id in [each.id for each in mes.operation.getActiveOperationRecords()]

# What is made counts for the order.
made = mes.inventory.newProduceRequest()
made['quantity'] = 4
made['lotIdOrName'] = 'TANK-77-1'
made['materialIdOrPath'] = 'Raw/Milk'
made['destinationLocationIdOrPath'] = 'Plant/Receiving/Silos/Silo2'
made['createIfNotExists'] = True
made['operationId'] = line.id
made['incrementProductionOrderCount'] = True
lot_record = mes.inventory.produce(**made)
assert lot_record.operationRecordId == record.id and lot_record.productionOrderName == 'PO-4711'
assert mes.productionOrder.getProductionOrder('PO-4711').quantityProduced == 4.0
assert mes.operation.stopOperation(line.id).status == 'COMPLETED'
assert mes.operation.getOperationStatus(line.id) == 'COMPLETED'

# A reason is for one kind of record, and this one asks for a comment.
scrap = mes.inventory.newScrapRequest()
scrap['quantity'] = 1
scrap['lotIdOrName'] = 'TANK-77-1'
scrap['materialIdOrPath'] = 'Raw/Milk'
scrap['sourceLocationIdOrPath'] = 'Plant/Receiving/Silos/Silo2'
scrap['materialReasonCodeId'] = reason.id
assert 'notes' in mes.inventory.validateScrapRequest(**scrap)
scrap['notes'] = 'from the pallet'
assert mes.inventory.scrap(**scrap).materialReasonCodeName == 'dropped'

# A lot that is disabled, or on hold, is left alone.
lot = mes.inventory.getLotByIdOrNameAndMaterial('TANK-77-1', 'Raw/Milk')
lot['enabled'] = False
mes.inventory.saveLot(**lot)
try:
    mes.inventory.scrap(**scrap)
    assert False, 'a disabled lot was scrapped'
except java.lang.IllegalArgumentException as refused:
    assert 'TANK-77-1' in refused.getMessage() and 'disabled' in refused.getMessage(), refused.getMessage()

query = mes.query.newQueryRequest()
named = mes.query.newFilterRequest()
named['field'] = 'name'
named['condition'] = 'starts with'
named['stringValue'] = 'TANK-77'
query['filters'] = [named]
assert mes.query.validateQueryRequest(**query) == {}
assert [each.name for each in mes.inventory.findLots(**query).content] == ['TANK-77-1']

role = mes.role.newRole()
role['name'] = 'skimmer'
role['permissions'] = ['INVENTORY.READ', 'INVENTORY.WRITE.PRODUCE']
role = mes.role.saveRole(**role)
assert role.permissions == ['INVENTORY.READ', 'INVENTORY.WRITE.PRODUCE']
assert mes.role.userHasAtLeastOnePermission(['INVENTORY.WRITE.PRODUCE']) is True
mes.role.deleteRole(role.id)
print('what stands around lots')
