import HeirloomDatasets
public import HeirloomModels
public import HeirloomTensors
import HeirloomTraining

extension RateSearch {
    /// Searches for the colour network on a packed store, with the recipe that a training would take.
    ///
    /// - Parameters:
    ///   - store: path of the store.
    ///   - model: a colour model that the training would start from, by name or path; nil for a new one.
    ///   - steps: how many rates are tried.
    ///   - pretrained: where EfficientNet-Lite0 is; it must have been fetched.
    ///   - progress: called before every step; throws to end the search.
    /// - Throws: `DatasetError`, `CheckpointError` or `TrainingError` that says what cannot be used.
    public init(
        colorOn store: String, from model: String?, steps: Int = 100, device: Device = .cpu, precision: DType? = nil,
        seed: UInt64 = 1, pretrained: Pretrained,
        progress: @escaping (_ completed: Int, _ total: Int) throws -> Void = { _, _ in }
    ) throws {
        let split = try ColorTask.split(store: store, validation: nil)
        let features = try pretrained.efficientNetLite(0)
        let start =
            try model.map { try ColorStart(model: try pretrained.modelPath($0, task: "colorize")) }
            ?? ColorStart(encoder: features, seed: seed)
        let recipe = ColorTask.recipe(for: start, split: split)
        let task = ColorTask(
            recipe: recipe, split: split, network: start.network, features: features, device: device,
            precision: precision, seed: seed)
        try self.init(task, steps: steps, seed: seed, progress: progress)
    }
}
