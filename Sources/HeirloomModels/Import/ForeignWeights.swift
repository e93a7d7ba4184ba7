import HeirloomLayers
import HeirloomTensors

/// Weights that other programs wrote, as a network: PyTorch's `.pth`, ncnn's `.param` and `.bin`, safetensors, and ONNX graphs
/// in a `.tar.gz` archive.
///
/// The network is recognised by the names in the file and its sizes are deduced from the shapes; every tensor is used or
/// nothing is loaded.
public enum ForeignWeights {
    /// Reads a file.
    /// - Parameter path: A `.pth`, `.safetensors` or `.tar.gz` file, or one of a pair of `.param` and `.bin` that lie side by
    ///   side.
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
        if ONNXArchive.isArchive(path) { return try network(try ONNXArchive(path: path).state) }
        if ModelFile.isModelFile(path) { return try ModelFile(path: path).load() }
        return try network(pending: Dictionary(try Checkpoint.pending(path)) { first, _ in first })
    }

    /// The network of tensors with foreign names.
    /// - Parameter outputScale: The size of the output, where the network's own is resampled.
    static func network(_ state: [String: Tensor], outputScale: Int? = nil) throws -> any BuildableModel {
        try network(pending: state.mapValues { PendingTensor($0) }, outputScale: outputScale)
    }

    /// The network of tensors that are read one after the other into their places.
    static func network(pending state: [String: PendingTensor], outputScale: Int? = nil) throws -> any BuildableModel {
        guard let family = WeightFamily.of(Set(state.keys)) else {
            let some = state.keys.sorted().prefix(4).joined(separator: ", ")
            let known = WeightFamily.all.map(\.keys.family).joined(separator: ", ")
            throw CheckpointError(
                .unknown,
                reason: "its \(state.count) tensors (\(some), …) are of no network that is known here: \(known)")
        }
        let prepared = try family.prepared.map { prepare in
            try prepare(try state.mapValues { try $0.tensor() }).mapValues { PendingTensor($0) }
        }
        let own = try family.keys.renamed(prepared ?? state)
        let forms = own.mapValues { value in
            // Read as float32 whatever it is in the file.
            TensorForm(
                shape: value.form.shape, dtype: value.form.dtype.isFloatingPoint ? .float32 : value.form.dtype)
        }
        let shapes = WeightFamily.Shapes(byName: forms.mapValues(\.shape))
        var configuration = try family.configuration(shapes)
        if let outputScale, family.architecture == "srvgg-compact" {
            configuration = String(configuration.dropLast()) + ",\"outputScale\":\(outputScale)}"
        }
        let model = try Registry.architecture(named: family.architecture).build(
            configuration: configuration, elements: forms.values.reduce(0) { $0 + $1.shape.reduce(1, *) })
        try model.check(forms)
        for (name, tensor) in model.state() { try own[name]?.copy(into: tensor, named: name) }
        return model
    }
}
