# What stands around lots: reason codes, production orders, operations, roles, queries.
import java.lang

mes = system.mes
# It may run again and again: what has to be unique is called after the time.
RUN = str(system.date.toMillis(system.date.now()))
REASON, ORDER, LINE, LOT, ROLE = 'dropped ' + RUN, 'PO-' + RUN, 'Skimming ' + RUN, 'TANK-%s-1' % RUN, 'skimmer ' + RUN

reason = mes.material.newMaterialReasonCode()
reason['lotRecordType'] = 'SCRAP'
reason['reasonCode'] = REASON
reason['requireComments'] = True
reason = mes.material.saveMaterialReasonCode(**reason)
assert mes.material.getMaterialReasonCode(REASON) == reason and reason.createdBy and reason.modifiedDate is None
assert reason.id in [each.id for each in mes.material.getAllMaterialReasonCodes()]

order = mes.productionOrder.newProductionOrder()
order['name'] = ORDER
order['productId'] = 'Raw/Milk'
order['quantity'] = 10
order = mes.productionOrder.saveProductionOrder(**order)
assert order.productName == 'Milk' and order.quantityProduced == 0.0
assert mes.productionOrder.getProductionOrder(ORDER).id == order.id

line = mes.operation.newOperation()
line['name'] = LINE
line['locationId'] = 'Plant/Receiving'
line = mes.operation.saveOperation(**line)
mes.operation.setProductionOrderForOperation(line.id, ORDER)
record = mes.operation.startOperation(line.id)
assert record.status == 'RUNNING' and record.productionOrderName == ORDER
assert record.id in [each.id for each in mes.operation.getActiveOperationRecords()]

# What is made counts for the order.
made = mes.inventory.newProduceRequest()
made['quantity'] = 4
made['lotIdOrName'] = LOT
made['materialIdOrPath'] = 'Raw/Milk'
made['destinationLocationIdOrPath'] = 'Plant/Receiving/Silos/Silo2'
made['createIfNotExists'] = True
made['operationId'] = line.id
made['incrementProductionOrderCount'] = True
lot_record = mes.inventory.produce(**made)
assert lot_record.operationRecordId == record.id and lot_record.productionOrderName == ORDER
assert mes.productionOrder.getProductionOrder(ORDER).quantityProduced == 4.0
assert mes.operation.stopOperation(line.id).status == 'COMPLETED'
assert mes.operation.getOperationStatus(line.id) == 'COMPLETED'

# A reason is for one kind of record, and this one asks for a comment.
scrap = mes.inventory.newScrapRequest()
scrap['quantity'] = 1
scrap['lotIdOrName'] = LOT
scrap['materialIdOrPath'] = 'Raw/Milk'
scrap['sourceLocationIdOrPath'] = 'Plant/Receiving/Silos/Silo2'
scrap['materialReasonCodeId'] = reason.id
assert 'notes' in mes.inventory.validateScrapRequest(**scrap)
scrap['notes'] = 'from the pallet'
assert mes.inventory.scrap(**scrap).materialReasonCodeName == REASON

# A lot that is disabled, or on hold, is left alone.
lot = mes.inventory.getLotByIdOrNameAndMaterial(LOT, 'Raw/Milk')
lot['enabled'] = False
mes.inventory.saveLot(**lot)
try:
    mes.inventory.scrap(**scrap)
    assert False, 'a disabled lot was scrapped'
except java.lang.IllegalArgumentException as refused:
    assert LOT in refused.getMessage() and 'disabled' in refused.getMessage(), refused.getMessage()

query = mes.query.newQueryRequest()
named = mes.query.newFilterRequest()
named['field'] = 'name'
named['condition'] = 'starts with'
named['stringValue'] = 'TANK-' + RUN
query['filters'] = [named]
assert mes.query.validateQueryRequest(**query) == {}
assert [each.name for each in mes.inventory.findLots(**query).content] == [LOT]

role = mes.role.newRole()
role['name'] = ROLE
role['permissions'] = ['INVENTORY.READ', 'INVENTORY.WRITE.PRODUCE']
role = mes.role.saveRole(**role)
assert role.permissions == ['INVENTORY.READ', 'INVENTORY.WRITE.PRODUCE']
assert mes.role.userHasAtLeastOnePermission(['INVENTORY.WRITE.PRODUCE']) is True
mes.role.deleteRole(role.id)
print('what stands around lots')
