// One import for everything: `import Heirloom`. Every layer below can also be imported alone.
@_exported import HeirloomDatasets
@_exported import HeirloomIntake
@_exported import HeirloomLayers
@_exported import HeirloomMedia
@_exported import HeirloomMediaTensors
@_exported import HeirloomModels
@_exported import HeirloomRecipes
@_exported import HeirloomRestoration
@_exported import HeirloomSignals
@_exported import HeirloomTensors
@_exported import HeirloomTraining
@_exported import HeirloomWorkers
