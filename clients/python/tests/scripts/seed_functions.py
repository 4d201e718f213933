# Every function of the first version of the API, by its own name. It may run again and again.
import java.lang

op = system.mes.inventory.operation
LINE = 'Receiving of milk %s' % system.date.toMillis(system.date.now())


def made(name, **changes):
    t = op.newInventoryOperation()
    t['name'] = name
    t['operationType'] = 'RECEIVE'
    t['triggerSource'] = 'MANUAL'
    t['quantitySource'] = 'MANUAL'
    t['primaryLotResolutionStrategy'] = 'MANUAL'
    t['createLotIfNotFound'] = True
    t['destinationLocationPath'] = 'Plant/Receiving/Silos/Silo2'
    t['materialPath'] = 'Raw/Milk'
    t['unitOfMeasureName'] = 'Pound'
    t.update(changes)
    return op.saveInventoryOperation(**t)


# newInventoryOperation, saveInventoryOperation
template = op.newInventoryOperation()
assert template['operationType'] == 'CONSUME' and template.enabled is True and template['id'] is None
assert template['status'] == 'IDLE' and template.startTriggerType == 'RISING_EDGE'
fill = made('Fill silo 2')
assert fill['name'] == 'Fill silo 2' and fill.materialPath == 'Raw/Milk' and fill.id is not None
assert fill['destinationLocationPath'] == 'Plant/Receiving/Silos/Silo2'
assert sorted(fill.keys()) == sorted(template.keys())

# A saved operation, changed and saved again, stays the same one.
fill['notes'] = 'checked'
again = op.saveInventoryOperation(**fill)
assert again.id == fill.id and again.notes == 'checked'

# validateInventoryOperation
assert op.validateInventoryOperation(**fill) == {}
problems = op.validateInventoryOperation(**op.newInventoryOperation())
assert 'name' in problems and len(problems['name']) > 0

# getInventoryOperations, …ByOperation, …ByLocation
assert fill.id in [each['id'] for each in op.getInventoryOperations()]
assert fill.id in [each.id for each in op.getInventoryOperationsByLocation('Plant/Receiving/Silos/Silo2')]
assert op.getInventoryOperationsByLocation('Plant/Receiving') == []
line = system.mes.operation.newOperation()
line['name'] = LINE
line['locationId'] = 'Plant/Receiving'
line = system.mes.operation.saveOperation(**line)
assert op.getInventoryOperationsByOperation(line.id) == []
fill['operationId'] = line.id
fill = op.saveInventoryOperation(**fill)
assert fill.operationName == LINE
assert [each.id for each in op.getInventoryOperationsByOperation(line.id)] == [fill.id]

# startInventoryOperation, stopInventoryOperation, getInventoryOperationStatus
assert op.getInventoryOperationStatus(fill.id) == 'IDLE'
record = op.startInventoryOperation(fill.id, 'MILK-002', None, None, None, None)
assert record['status'] == 'RUNNING' and record['endDate'] is None
assert op.getInventoryOperationStatus(fill.id) == 'RUNNING'
try:
    op.deleteInventoryOperation(fill.id)
    assert False, 'a running operation was deleted'
except java.lang.RuntimeException as refused:
    assert refused.getMessage()
record = op.stopInventoryOperation(fill.id, 60, None, None)
assert record.status == 'COMPLETED' and record.quantity == 60.0 and record.endDate is not None
assert op.getInventoryOperationStatus(fill.id) == 'COMPLETED'

# executeInventoryOperation: on its own, and as the stop of one that runs
record = op.executeInventoryOperation(fill.id, 'MILK-002', 40, None, None, None, None, None)
assert record['status'] == 'COMPLETED' and record['quantity'] == 40.0
op.startInventoryOperation(fill.id, 'MILK-002', None, None, None, None)
record = op.executeInventoryOperation(fill.id, 'MILK-002', 0.5, None, None, None, None, None)
assert record.status == 'COMPLETED' and record.quantity == 0.5

# cancelInventoryOperation
op.startInventoryOperation(fill.id, 'MILK-002', None, None, None, None)
record = op.cancelInventoryOperation(fill.id)
assert record['status'] == 'CANCELLED' and op.getInventoryOperationStatus(fill.id) == 'CANCELLED'
try:
    op.cancelInventoryOperation(fill.id)
    assert False, 'what does not run was cancelled'
except java.lang.IllegalArgumentException as refused:
    assert 'Fill silo 2' in refused.getMessage(), refused.getMessage()

# updateInventoryOperationStatesFromDatabase: all, and some
assert op.updateInventoryOperationStatesFromDatabase() is None
assert op.updateInventoryOperationStatesFromDatabase([fill.id]) is None

# getInventoryOperationReferences, deleteInventoryOperation
references = op.getInventoryOperationReferences(fill.id)
assert references[0]['tableName'] == 'inventory_lot_records', references
try:
    op.deleteInventoryOperation(fill.id)
    assert False, 'an operation with history was deleted'
except java.lang.RuntimeException as refused:
    assert refused.getMessage()
unused = made('Not used', destinationLocationPath='Plant/Receiving/Bay1')
assert op.deleteInventoryOperation(unused.id) is None
try:
    op.getInventoryOperationStatus(unused.id)
    assert False, 'what was deleted has a status'
except java.lang.IllegalArgumentException as refused:
    assert unused.id in refused.getMessage()

# deleteInventoryOperationWithReferences
assert op.deleteInventoryOperationWithReferences(fill.id) is None
assert fill.id not in [each.id for each in op.getInventoryOperations()]
print('every function of the seed')
