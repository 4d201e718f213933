# A dairy from nothing: its units, places and materials, nine kinds of operations, and the trace through them.
# It may run again and again: each time it is another dairy.
mes = system.mes
DAIRY = 'Dairy %s' % system.date.toMillis(system.date.now())
inventory = mes.inventory
op = inventory.operation

# --- What there is ---
pound = mes.unitOfMeasure.getUnitOfMeasureOrCreateNew('Pound', 'lb')
ounce = mes.unitOfMeasure.getUnitOfMeasureOrCreateNew('Ounce', 'oz')
assert mes.unitOfMeasure.getUnitOfMeasureOrCreateNew('Pound', 'lb').id == pound.id
if not mes.unitOfMeasure.doesConversionExist(pound.id, ounce.id, None):
    mes.unitOfMeasure.addConversion(pound.id, ounce.id, 16, None)
assert mes.unitOfMeasure.convert(2, 'lb', 'oz') == 32.0
assert mes.unitOfMeasure.convert(8, 'oz', 'lb') == 0.5


def place(path, kind):
    template = mes.location.newLocation()
    parent, _, template['name'] = path.rpartition('/')
    template['type'] = kind
    if parent:
        template['parentId'] = mes.location.getLocation(parent)['id']
    assert mes.location.validateLocation(**template) == {}
    saved = mes.location.saveLocation(**template)
    assert saved.path == path, saved.path
    return saved


place(DAIRY, 'SITE')
place(DAIRY + '/Receiving', 'AREA')
for name in ('Bay', 'RawSilo', 'CreamSilo', 'SkimSilo', 'Salt', 'Dock'):
    place(DAIRY + '/Receiving/' + name, 'CELL')
place(DAIRY + '/Separator', 'LINE')
assert sorted(each.name for each in mes.location.getChildren(DAIRY)) == ['Receiving', 'Separator']
query = mes.query.newQueryRequest()
only = mes.query.newFilterRequest()
only['field'], only['condition'], only['stringValue'] = 'path', 'STARTS_WITH', DAIRY + '/Receiving/'
query['filters'], query['sortFields'] = [only], ['name']
found = mes.location.findLocations(**query)
assert [each['name'] for each in found['content']] == ['Bay', 'CreamSilo', 'Dock', 'RawSilo', 'Salt', 'SkimSilo']


def material(path):
    template = mes.material.newMaterial()
    parent, _, template['name'] = path.rpartition('/')
    template['materialClassId'] = mes.material.createMaterialClassesForPath(parent)['id']
    template['unitOfMeasureId'] = pound.id
    saved = mes.material.saveMaterial(**template)
    assert saved.path == path, saved.path
    return saved


for path in (DAIRY + '/Raw/Milk', DAIRY + '/Raw/Salt', DAIRY + '/Made/WIP', DAIRY + '/Made/Cream', DAIRY + '/Made/Skim', DAIRY + '/Sold/Cup'):
    material(path)
assert mes.material.doesMaterialExist(DAIRY + '/Made/WIP') is True
assert mes.material.getMaterial(DAIRY + '/Made/Nothing') is None


# --- What is done ---
def operation(name, kind, source, destination, primary, secondary):
    template = op.newInventoryOperation()
    template['name'] = name
    template['operationType'] = kind
    template['triggerSource'] = 'MANUAL'
    template['quantitySource'] = 'MANUAL'
    template['primaryLotResolutionStrategy'] = 'MANUAL'
    template['secondaryLotResolutionStrategy'] = 'MANUAL'
    template['createLotIfNotFound'] = True
    template['sourceLocationPath'] = source and DAIRY + '/' + source
    template['destinationLocationPath'] = destination and DAIRY + '/' + destination
    template['materialPath'] = primary and DAIRY + '/' + primary
    template['secondaryMaterialPath'] = secondary and DAIRY + '/' + secondary
    template['unitOfMeasureName'] = 'Pound'
    assert op.validateInventoryOperation(**template) == {}
    return op.saveInventoryOperation(**template).id


unload = operation('Unload', 'RECEIVE', None, 'Receiving/RawSilo', 'Raw/Milk', None)
feed = operation('Feed', 'CONSUME', 'Receiving/RawSilo', 'Separator', 'Raw/Milk', 'Made/WIP')
salt = operation('Salt', 'RECEIVE_AND_CONSUME', 'Receiving/Salt', 'Separator', 'Raw/Salt', 'Made/WIP')
cream = operation('Cream off', 'PRODUCE', 'Separator', 'Receiving/CreamSilo', 'Made/Cream', 'Made/WIP')
skim = operation('Skim off', 'PRODUCE', 'Separator', 'Receiving/SkimSilo', 'Made/Skim', 'Made/WIP')
ship = operation('Ship cream', 'SHIP', 'Receiving/CreamSilo', 'Receiving/Dock', 'Made/Cream', 'Sold/Cup')
clean = operation('Clean', 'SCRAP_ALL', 'Receiving/RawSilo', None, None, None)


def standing(lot, material, place):
    row = inventory.getInventoryByLotAndLocation(lot, DAIRY + '/' + material, DAIRY + '/' + place)
    return None if row is None else row['quantity']


op.startInventoryOperation(unload, 'RAW-1', None, None, None, None)
op.stopInventoryOperation(unload, 500, None, None)
first = op.executeInventoryOperation(feed, 'RAW-1', 229.53, 'WIP-1', None, None, None, None)
second = op.executeInventoryOperation(feed, 'RAW-1', 192.13, 'WIP-1', None, None, None, None)
salted = op.executeInventoryOperation(salt, 'SALT-1', 1.5, 'WIP-1', None, None, None, None)
assert salted['lotRecordType'] == 'CONSUME' and len(salted['relatedRecordIds']) == 1
assert standing('WIP-1', 'Made/WIP', 'Separator') == 423.16
op.executeInventoryOperation(cream, 'CREAM-1', 40, 'WIP-1', None, None, None, None)
op.executeInventoryOperation(skim, 'SKIM-1', 380, 'WIP-1', None, None, None, None)
shipped = op.executeInventoryOperation(ship, 'CREAM-1', 37.67, 'CUPS-1', None, None, None, None)
assert shipped.lotRecordType == 'SHIP' and shipped.secondaryInventoryLotName == 'CUPS-1'
scrapped = op.executeInventoryOperation(clean, None, None, None, None, None, None, None)
assert scrapped['quantity'] == 78.34, scrapped
assert standing('RAW-1', 'Raw/Milk', 'Receiving/RawSilo') in (None, 0.0)
for each in (unload, feed, salt, cream, skim, ship, clean):
    assert op.getInventoryOperationStatus(each) == 'COMPLETED'

# --- What became of it ---
raw = inventory.getLotByIdOrNameAndMaterial('RAW-1', DAIRY + '/Raw/Milk')
graph = mes.trackandtrace.getLotTraceGraph(raw.id, 'OUTPUT', 3)
lots = dict((node['id'], node['data']['lotName']) for node in graph['nodes'])
assert sorted(lots.values()) == ['CREAM-1', 'CUPS-1', 'SKIM-1', 'WIP-1'], lots
lots[raw.id] = 'RAW-1'
edges = sorted((lots[edge['source']], lots[edge['target']]) for edge in graph['edges'])
assert edges == [('CREAM-1', 'CUPS-1'), ('RAW-1', 'WIP-1'), ('WIP-1', 'CREAM-1'), ('WIP-1', 'SKIM-1')], edges
nearest = mes.trackandtrace.getLotTraceGraph(raw.id, 'OUTPUT')
assert [node.data.lotName for node in nearest.nodes] == ['WIP-1'] and nearest.nodes[0].data.quantity == 421.66
cups = inventory.getLotByIdOrNameAndMaterial('CUPS-1', DAIRY + '/Sold/Cup')
back = mes.trackandtrace.getLotTraceGraph(cups.id, 'INPUT', 5)
assert sorted(node.data.lotName for node in back.nodes) == ['CREAM-1', 'RAW-1', 'SALT-1', 'WIP-1']
rows = mes.trackandtrace.getLotTraceTable([first.id, shipped.id])
assert [row['targetInventoryLotName'] for row in rows] == ['WIP-1', 'CUPS-1']
print('a dairy, and the way of its milk')
