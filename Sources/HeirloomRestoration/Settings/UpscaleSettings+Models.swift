import HeirloomMedia
import HeirloomModels
import HeirloomTensors

/// Which network the settings mean, and where and how it computes.
extension UpscaleSettings {
    /// What a film is enlarged by where nothing says otherwise.
    static let filmFactor = 2.0

    /// The network for stills, prepared.
    ///
    /// - Throws: `RestorationError` for the device, what the model files throw for the weights.
    func restorerForStills() throws -> TiledRestorer {
        try restorer(named: modelName ?? Pretrained.stillUpscaler, onCPU: .float32)
    }

    /// The network for films, prepared: without a name the fast one, of the scale that the size needs.
    ///
    /// - Parameter factor: by how much the film grows.
    func restorerForFilms(factor: Double) throws -> TiledRestorer {
        try restorer(
            named: modelName ?? Self.filmModel(factor: factor), onCPU: Runtime.cpuHasBFloat16 ? .bfloat16 : .float32)
    }

    /// The fast model of the smallest scale that reaches a factor.
    static func filmModel(factor: Double) -> String {
        "realesr-animevideov3-x\(factor <= 2 ? 2 : factor <= 3 ? 3 : 4)"
    }

    /// The name or path of the network for a film of a format.
    ///
    /// - Throws: `RestorationError` where films of this format cannot be enlarged as asked for.
    func filmModelName(for format: VideoFormat) throws -> String {
        try modelName ?? Self.filmModel(factor: Upscaler.factor(of: self, format))
    }

    private var modelName: String? {
        if case .named(let name) = model { name } else { nil }
    }

    private func restorer(named name: String, onCPU: DType) throws -> TiledRestorer {
        try validate()
        let device = try device.resolved()
        if let threads { Runtime.threads = threads }
        let network = try Pretrained.standard().upscaler(name, denoise: denoise)
        return try TiledRestorer(network, device: device, precision: precision(on: device, onCPU: onCPU))
    }

    /// The number type: what was asked for; else exact where the result shall be the original's, half precision on a GPU,
    /// and on a CPU float32 for stills, bfloat16 for films where the processor has it.
    ///
    /// The convolutions compute in float32 either way. Storing in bfloat16 costs digits (53 dB and more are left) and saves
    /// a sixth of the time on a still's tiles, but two fifths on the large pictures of a film. Both go by what the processor
    /// has, not by a measurement: the same film shall give the same bytes every time.
    private func precision(on device: Device, onCPU: DType) -> DType {
        if let dtype = precision.dtype { return dtype }
        if isOriginal { return .float32 }
        return device == .cpu ? onCPU : .float16
    }
}
