# Actions on lots without an operation: each by its template, checked, then done. It may run again and again: each
# time in a yard of its own.
import java.lang

mes = system.mes
inventory = mes.inventory
RUN = str(system.date.toMillis(system.date.now()))
YARD, ACT = 'Yard ' + RUN, 'ACT%s-' % RUN
MILK, WIP, CREAM = YARD + '/Milk', YARD + '/WIP', YARD + '/Cream'
BAY, SILO1, SILO2, LINE, TANK = [YARD + '/' + name for name in ('Bay', 'Silo1', 'Silo2', 'Line', 'Tank')]

pound = mes.unitOfMeasure.getUnitOfMeasureOrCreateNew('Pound', 'lb')
mes.location.saveLocation(**dict(mes.location.newLocation(), name=YARD, type='SITE'))
for path in (BAY, SILO1, SILO2, LINE, TANK):
    mes.location.saveLocation(**dict(mes.location.newLocation(), name=path.split('/')[1], parentId=YARD, type='CELL'))
made = mes.material.createMaterialClassesForPath(YARD)
for path in (MILK, WIP, CREAM):
    mes.material.saveMaterial(**dict(mes.material.newMaterial(), name=path.split('/')[1], materialClassId=made.id, unitOfMeasureId=pound.id))


def act(kind, function, **fields):
    request = getattr(inventory, 'new%sRequest' % kind)()
    request.update(fields)
    problems = getattr(inventory, 'validate%sRequest' % kind)(**request)
    assert problems == {}, problems
    return getattr(inventory, function)(**request)


def standing(lot, place):
    row = inventory.getInventoryByLotAndLocation(lot, MILK, place)
    return row and row.quantity


received = act('Receive', 'receive', quantity=100, lotIdOrName=ACT + '1', materialIdOrPath=MILK, createIfNotExists=True,
               destinationLocationIdOrPath=BAY, inventoryName='PALLET-1')
assert received['lotRecordType'] == 'RECEIVE' and received.quantity == 100.0 and received.status == 'COMPLETED'
act('Move', 'move', quantity=80, lotIdOrName=ACT + '1', materialIdOrPath=MILK, sourceLocationIdOrPath=BAY,
    destinationLocationIdOrPath=SILO1)
assert (standing(ACT + '1', BAY), standing(ACT + '1', SILO1)) == (20.0, 80.0)
consumed = act('Consume', 'consume', quantity=30, lotIdOrName=ACT + '1', materialIdOrPath=MILK, sourceLocationIdOrPath=SILO1,
               consumingLotIdOrName=ACT + 'WIP', consumingMaterialIdOrPath=WIP, destinationLocationIdOrPath=LINE,
               createIfNotExists=True)
assert consumed.secondaryInventoryLotName == ACT + 'WIP'
act('Unconsume', 'unconsume', quantity=1, lotIdOrName=ACT + '1', materialIdOrPath=MILK, destinationLocationIdOrPath=SILO1)
act('Produce', 'produce', quantity=25, lotIdOrName=ACT + 'CREAM', materialIdOrPath=CREAM, createIfNotExists=True,
    destinationLocationIdOrPath=TANK, producingLotIdOrName=ACT + 'WIP', producingMaterialIdOrPath=WIP,
    sourceLocationIdOrPath=LINE)
act('Ship', 'ship', quantity=10, lotIdOrName=ACT + 'CREAM', materialIdOrPath=CREAM, sourceLocationIdOrPath=TANK)
act('Return', 'returnInventory', quantity=5, lotIdOrName=ACT + '1', materialIdOrPath=MILK, sourceLocationIdOrPath=BAY)
act('Scrap', 'scrap', quantity=2, lotIdOrName=ACT + '1', materialIdOrPath=MILK, sourceLocationIdOrPath=BAY)
assert standing(ACT + '1', BAY) == 13.0

lot = inventory.getLotByIdOrNameAndMaterial(ACT + '1', MILK)
split = act('Split', 'split', quantity=3, sourceLotId=lot.id, sourceLocationIdOrPath=BAY, destinationLotName=ACT + '2')
assert (standing(ACT + '1', BAY), standing(ACT + '2', BAY)) == (10.0, 3.0)
other = inventory.getLotByIdOrNameAndMaterial(ACT + '2', MILK)
act('Merge', 'merge', sourceLotId=other.id, destinationLotId=lot.id)
assert standing(ACT + '1', BAY) == 13.0 and inventory.getLot(other['id'])['status'] == 'CLOSED'
act('EditInventoryQuantity', 'editInventoryQuantity', newQuantity=12.5, lotIdOrName=ACT + '1', materialIdOrPath=MILK,
    sourceLocationIdOrPath=BAY)
assert standing(ACT + '1', BAY) == 12.5

act('ChangeStatus', 'changeStatus', lotId=lot.id, newStatus='QA_HOLD')
try:
    inventory.consume(**dict(inventory.newConsumeRequest(), quantity=1, lotIdOrName=ACT + '1', materialIdOrPath=MILK,
                             sourceLocationIdOrPath=BAY))
    assert False, 'a lot on hold was consumed'
except java.lang.IllegalArgumentException as refused:
    assert ACT + '1' in refused.getMessage(), refused.getMessage()
act('ChangeStatus', 'changeStatus', lotId=lot.id, newStatus='AVAILABLE')

# Several at once: all of them, or none.
here = inventory.newMoveRequest()
here.update(quantity=2, lotIdOrName=ACT + '1', materialIdOrPath=MILK, sourceLocationIdOrPath=BAY, destinationLocationIdOrPath=SILO2)
far = here.copy()
far['quantity'] = 1000
try:
    inventory.executeInventoryActions(**{'requests': [here, far]})
    assert False, 'more was moved than there is'
except java.lang.IllegalArgumentException:
    pass
assert standing(ACT + '1', BAY) == 12.5
records = inventory.executeInventoryActions(**{'requests': [here, here]})
assert [record.lotRecordType for record in records] == ['MOVE', 'MOVE'] and standing(ACT + '1', BAY) == 8.5
swept = act('ScrapAll', 'scrapAll', sourceLocationIdOrPath=BAY, materialIdOrPath=MILK)
assert [record['quantity'] for record in swept if record['inventoryLotName'] == ACT + '1'] == [8.5]

# What is known of the lot afterwards.
history = inventory.getLotHistory(**dict(inventory.newLotHistoryRequest(), lotId=lot.id))
kinds = [record.lotRecordType for record in history]
assert kinds[0] == 'RECEIVE' and set(kinds) >= set(['MOVE', 'CONSUME', 'SPLIT', 'MERGE', 'EDIT', 'STATUS_CHANGE', 'SCRAP']), kinds
query = system.mes.query.newQueryRequest()
only = system.mes.query.newFilterRequest()
only.update(field='name', condition='startsWith', stringValue=ACT)
query.update(filters=[only], sortFields=['name'], sortDirection='Descending', pageSize=2, pageIndex=0)
page = inventory.findLots(**query)
assert page.totalElements == 4 and [each.name for each in page['content']] == [ACT + 'WIP', ACT + 'CREAM'], page
assert inventory.checkLocationHasCapacity(SILO1, ACT + '1', MILK, 1) is True
print('every action')
