# The whole life of an operation: started and stopped, executed, started and cancelled.
op = system.mes.inventory.operation
t = op.newInventoryOperation()
t['name'] = 'Fill silo 1'
t['operationType'] = 'RECEIVE'
t['triggerSource'] = 'MANUAL'
t['quantitySource'] = 'MANUAL'
t['primaryLotResolutionStrategy'] = 'MANUAL'
t['createLotIfNotFound'] = True
t['destinationLocationPath'] = 'Plant/Receiving/Silos/Silo1'
t['materialPath'] = 'Raw/Milk'
t['unitOfMeasureName'] = 'Pound'
problems = op.validateInventoryOperation(**t)
assert len(problems) == 0, problems
saved = op.saveInventoryOperation(**t)
rec = op.startInventoryOperation(saved['id'], 'MILK-001', None, None, None, None)
assert rec['status'] == 'RUNNING' and rec['endDate'] is None
assert op.getInventoryOperationStatus(saved.id) == 'RUNNING'
rec = op.stopInventoryOperation(saved['id'], 100, None, None)
assert rec['status'] == 'COMPLETED' and rec['quantity'] == 100.0
rec = op.executeInventoryOperation(saved['id'], 'MILK-001', 50, None, None, None, None, None)
op.startInventoryOperation(saved['id'], 'MILK-001', None, None, None, None)
rec = op.cancelInventoryOperation(saved['id'])
assert rec['status'] == 'CANCELLED'
row = system.mes.inventory.getInventoryByLotAndLocation('MILK-001', 'Raw/Milk', 'Plant/Receiving/Silos/Silo1')
assert row['quantity'] == 150.0
