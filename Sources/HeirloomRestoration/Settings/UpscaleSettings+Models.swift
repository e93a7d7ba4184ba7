import HeirloomModels
import HeirloomTensors
import Synchronization

/// Which network the settings mean, and where and how it computes.
extension UpscaleSettings {
    /// What a film is enlarged by where nothing says otherwise.
    static let filmFactor = 2.0

    /// The network for stills, prepared.
    ///
    /// - Throws: `RestorationError` for the device, what the model files throw for the weights.
    func restorerForStills() throws -> TiledRestorer {
        try restorer(named: modelName ?? Pretrained.stillUpscaler)
    }

    /// The network for films, prepared: without a name the fast one, of the scale that the size needs.
    ///
    /// - Parameter factor: by how much the film grows.
    func restorerForFilms(factor: Double) throws -> TiledRestorer {
        try restorer(named: modelName ?? Self.filmModel(factor: factor))
    }

    /// The fast model of the smallest scale that reaches a factor.
    static func filmModel(factor: Double) -> String {
        "realesr-animevideov3-x\(factor <= 2 ? 2 : factor <= 3 ? 3 : 4)"
    }

    private var modelName: String? {
        if case .named(let name) = model { name } else { nil }
    }

    private func restorer(named name: String) throws -> TiledRestorer {
        try validate()
        let device = try device.resolved()
        if let threads { Runtime.threads = threads }
        let network = try Pretrained.standard().upscaler(name, denoise: denoise)
        return try TiledRestorer(network, device: device, precision: precision(on: device))
    }

    /// The number type: what was asked for; else exact where the result shall be the original's, half precision on a GPU,
    /// and on a CPU what a short measurement says.
    private func precision(on device: Device) throws -> DType {
        if let dtype = precision.dtype { return dtype }
        if isOriginal { return .float32 }
        return device == .cpu ? try Self.fastestOnCPU() : .float16
    }

    private static let measured = Mutex<DType?>(nil)

    /// Bfloat16 where the processor computes in it so much faster that libtorch's convolution beats ours.
    ///
    /// Ours computes in float32 whatever the pictures are stored in: bfloat16 would save an eighth of the time and lose
    /// digits, and a choice that hangs on a measurement so close would differ from run to run.
    private static func fastestOnCPU() throws -> DType {
        guard Runtime.cpuHasBFloat16, !PackedConvolution.isFastest(.bfloat16, on: .cpu) else { return .float32 }
        if let known = measured.withLock({ $0 }) { return known }
        let times = try recovering {
            [DType.float32, .bfloat16].map { dtype in
                let picture = Tensor.full([1, 64, 96, 96], 0.5, dtype: dtype).contiguous(.channelsLast)
                let weight = Tensor.full([64, 64, 3, 3], 0.01, dtype: dtype).contiguous(.channelsLast)
                return withoutGradients {
                    (0..<4).map { _ in
                        let start = ContinuousClock.now
                        _ = picture.conv2d(weight, padding: (1, 1))
                        return (ContinuousClock.now - start) / .seconds(1)
                    }.min() ?? 0
                }
            }
        }
        let choice: DType = times[0] > NetworkPredictor.worthwhile * times[1] ? .bfloat16 : .float32
        measured.withLock { $0 = choice }
        return choice
    }
}
