# The functions of inventory operations that later versions of the API added, and those they took away again.
import java.lang

op = system.mes.inventory.operation
t = op.newInventoryOperation()
t['name'] = 'Empty bay 1'
t['operationType'] = 'SCRAP'
t['triggerSource'] = 'MANUAL'
t['quantitySource'] = 'MANUAL'
t['sourceLocationPath'] = 'Plant/Receiving/Bay1'
t['materialPath'] = 'Raw/Milk'
saved = op.saveInventoryOperation(**t)

# getInventoryOperation, getAllInventoryOperations
assert op.getInventoryOperation(saved.id) == saved
assert op.getInventoryOperation('01JPAND53P-00000000-00000000') is None
assert saved.id in [each.id for each in op.getAllInventoryOperations()]
assert op.getAllInventoryOperations() == op.getInventoryOperations()

# exportAsCsv, exportAsJson, also as …Bytes; importFromCsv, importFromJson
csv = op.exportAsCsv(['Plant/Receiving/Bay1'])
assert b'Empty bay 1' in csv and csv == op.exportAsCsvBytes(['Plant/Receiving/Bay1'])
assert op.exportAsJson([]) == b'[]' == op.exportAsJsonBytes([])
answer = op.importFromCsv(csv)
assert answer.success is True and answer['data'] >= 1, answer
answer = op.importFromJson(op.exportAsJson(['Plant/Receiving/Bay1']))
assert answer.success is True and answer['error'] is None, answer
assert op.getInventoryOperation(saved.id).name == 'Empty bay 1', 'found by its name, its locations and its type'
try:
    op.importFromJson('no list')
    assert False, 'what is no file was imported'
except java.lang.IllegalArgumentException as refused:
    assert refused.getMessage()

# getInventoryOperationPermissions, and the queue under its other prefix
assert op.getInventoryOperationPermissions()[0] == 'INVENTORY_OPERATION'
assert system.mes.inventoryOperation.getInventoryOperationImportQueueSize() == 0
assert system.mes.inventoryOperation.cancelInventoryOperationImportQueue() == 0

# isSourceLocationRequired, isDestinationLocationRequired
needs = [(kind, op.isSourceLocationRequired(kind), op.isDestinationLocationRequired(kind)) for kind in (
    'CONSUME', 'SCRAP', 'SCRAP_ALL', 'RETURN', 'SHIP', 'SPLIT', 'EDIT', 'RECEIVE_AND_CONSUME', 'PRODUCE', 'UNCONSUME',
    'RECEIVE', 'MOVE', 'MERGE', 'STATUS_CHANGE')]
assert [kind for kind, source, _ in needs if not source] == [
    'PRODUCE', 'UNCONSUME', 'RECEIVE', 'MERGE', 'STATUS_CHANGE'], needs
assert [kind for kind, _, destination in needs if destination] == ['PRODUCE', 'UNCONSUME', 'RECEIVE', 'MOVE'], needs

op.deleteInventoryOperation(saved.id)
print('every function of later versions')
