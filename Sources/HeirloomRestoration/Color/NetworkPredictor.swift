import Foundation
public import HeirloomModels
public import HeirloomTensors

/// The colour network on a device, in the number type that was asked for or suits the device.
public final class NetworkPredictor: ChromaPredictor {
    /// Where it computes.
    public let device: Device
    /// What it computes in.
    public let precision: DType
    /// As the network's.
    public let sizeMultiple: Int
    /// As the network's.
    public let rendering: ColorRendering
    let network: any ColorNetwork

    /// Samples that are in work on a CPU at the same time, at most: about 3 GB.
    static let samplesAtOnce = 4 << 20

    /// Prepares a network for inference.
    ///
    /// - Throws: `TorchError` where the device has no memory for it.
    public init(_ network: any ColorNetwork, device: Device = .cpu, precision: Precision = .auto) throws {
        self.device = device
        sizeMultiple = network.description.sizeMultiple
        rendering = network.rendering
        let dtype = precision.dtype ?? Self.automatic(network, on: device)
        self.precision = dtype
        self.network = try recovering { network.prepared(device: device, dtype: dtype) }
    }

    /// Loads the weights that the settings name.
    ///
    /// - Throws: `RestorationError` for the device, what the model files throw for the weights.
    public convenience init(_ settings: ColorSettings) throws {
        try settings.validate()
        let device = try settings.device.resolved()
        if let threads = settings.threads { Runtime.threads = threads }
        let name: String? =
            switch settings.model {
            case .standard: nil
            case .named(let name): name
            }
        let network = try Pretrained.standard().colorNetwork(name)
        try settings.validate(for: network)
        // The original computes in 32 bits.
        try self.init(
            network, device: device,
            precision: settings.isOriginal && settings.precision == .auto ? .float32 : settings.precision)
    }

    /// The network for a film: on a CPU as many frames side by side as there are threads to use and memory for.
    ///
    /// - Parameter size: what the network will see.
    /// - Throws: as ``init(_:)``.
    static func forFilm(_ settings: ColorSettings, _ size: RenderSize) throws -> any ChromaPredictor {
        try forFilm(settings) { _ in size }
    }

    /// The same for a size that hangs on the network; a large network has all threads for one frame.
    static func forFilm(
        _ settings: ColorSettings, _ size: (NetworkPredictor) -> RenderSize
    ) throws -> any ChromaPredictor {
        if settings.isOriginal {
            throw RestorationError(
                .badRequest,
                "The original's procedure is for pictures: its films lose quality to JPEG; leave --original out.")
        }
        let one = try NetworkPredictor(settings)
        guard one.rendering.isLight else { return one }
        let size = size(one)
        let threads = settings.threads ?? ProcessInfo.processInfo.activeProcessorCount
        let count = max(1, min(threads, Self.samplesAtOnce / (size.paddedWidth * size.paddedHeight)))
        // For a single thread, too: how many frames are computed as one shall not hang on the number of threads.
        guard one.device == .cpu, count > 1 || threads == 1 else { return one }
        // For this thread too, which steadies the colours meanwhile.
        Runtime.threads = 1
        var settings = settings
        settings.threads = 1
        settings.precision = one.precision == .bfloat16 ? .bfloat16 : .float32
        return try ParallelPredictor(count: count) { [settings] in try NetworkPredictor(settings) }
    }

    /// The chroma of luma pictures, as `ChromaPredictor` says.
    public func chroma(of luma: Tensor) throws -> Tensor {
        network.predictedChroma(of: luma.to(dtype: precision))
    }

    /// A GPU gains a lot from a batch, which a large network fills with few frames; a CPU gains nothing.
    public func batch(height: Int, width: Int) -> Int { device == .cpu ? 1 : rendering.isLight ? 16 : 4 }

    /// The number type where nobody asks for one: half precision on GPUs, bfloat16 on a CPU that computes in it.
    ///
    /// By what the processor has, never by a measurement: a loaded machine measured otherwise now and then, and a film that
    /// is gone on with, or done twice, must come out in the same bytes.
    private static func automatic(_ network: any ColorNetwork, on device: Device) -> DType {
        guard network.rendering.isLight else { return .float32 }
        guard device == .cpu else { return .float16 }
        return Runtime.cpuHasBFloat16 ? .bfloat16 : .float32
    }
}
