import HeirloomLayers
import HeirloomTensors

/// Weights that other programs wrote, as a network: PyTorch's `.pth`, ncnn's `.param` and `.bin`, safetensors.
///
/// The network is recognised by the names in the file and its sizes are deduced from the shapes; every tensor is used or
/// nothing is loaded.
public enum ForeignWeights {
    /// Reads a file.
    /// - Parameter path: A `.pth` or `.safetensors` file, or one of a pair of `.param` and `.bin` that lie side by side.
    /// - Returns: The network in float32 on the CPU, in inference mode.
    /// - Throws: ``CheckpointError`` or `TensorFileError` with everything that is wrong with the file.
    public static func load(_ path: String) throws -> any BuildableModel {
        do {
            return try read(path)
        } catch var error as CheckpointError {
            if error.path.isEmpty { error.path = path }
            throw error
        } catch let error as ModuleError {
            throw CheckpointError(.keys, path: path, reason: "does not fit its network: \(error)")
        }
    }

    private static func read(_ path: String) throws -> any BuildableModel {
        if let pair = try NCNNFile.pair(of: path) {
            let file = try NCNNFile(param: pair.param, bin: pair.bin)
            return try network(file.state, outputScale: file.outputScale)
        }
        if ModelFile.isModelFile(path) { return try ModelFile(path: path).load() }
        return try network(try Checkpoint(path: path).state)
    }

    /// The network of tensors with foreign names.
    /// - Parameter outputScale: The size of the output, where the network's own is resampled.
    static func network(_ state: [String: Tensor], outputScale: Int? = nil) throws -> any BuildableModel {
        guard let family = WeightFamily.of(Set(state.keys)) else {
            let some = state.keys.sorted().prefix(4).joined(separator: ", ")
            let known = WeightFamily.all.map(\.keys.family).joined(separator: ", ")
            throw CheckpointError(
                .unknown,
                reason: "its \(state.count) tensors (\(some), …) are of no network that is known here: \(known)")
        }
        let own = try family.keys.renamed(state).mapValues { tensor in
            tensor.dtype.isFloatingPoint ? tensor.to(dtype: .float32) : tensor
        }
        let shapes = WeightFamily.Shapes(byName: own.mapValues(\.shape))
        var configuration = try family.configuration(shapes)
        if let outputScale, family.architecture == "srvgg-compact" {
            configuration = String(configuration.dropLast()) + ",\"outputScale\":\(outputScale)}"
        }
        for (name, tensor) in own.sorted(by: { $0.key < $1.key })
        where tensor.dtype.isFloatingPoint && tensor.isFinite().all().item() != 1 {
            throw CheckpointError(.corrupt, reason: "the tensor that becomes \(name) has values that are not finite")
        }
        let model = try Registry.architecture(named: family.architecture).build(
            configuration: configuration, elements: own.values.reduce(0) { $0 + $1.count })
        try model.load(own)
        return model
    }
}
