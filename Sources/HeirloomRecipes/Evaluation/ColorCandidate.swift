public import HeirloomModels
import HeirloomLayers
public import HeirloomTensors

/// A way of colouring grey pictures, to be measured.
public struct ColorCandidate {
    /// What tables call it.
    public let name: String
    /// The colours: luma `[1, 1, H, W]`, 0...1, to Cb and Cr `[1, 2, H, W]`, −0.5...0.5, BT.601, full range.
    public let chroma: (Tensor) throws -> Tensor

    /// A way of colouring.
    public init(name: String, chroma: @escaping (Tensor) throws -> Tensor) {
        self.name = name
        self.chroma = chroma
    }

    /// A network that was loaded from a file; it is copied for inference.
    ///
    /// It is shown pictures as it wants them: Heirloom's own at their size, DeOldify's squeezed into its square.
    /// - Throws: `CheckpointError` where the network gives no colour.
    public init(name: String, network: any BuildableModel, device: Device = .cpu) throws {
        if let unet = network as? ColorUNet {
            let prepared = unet.preparedForInference(device: device)
            self.init(name: name) { luma in prepared.chroma(of: luma).to(dtype: .float32) }
            return
        }
        guard let colors = network as? any ColorNetwork else {
            throw CheckpointError(
                .unsupported,
                reason: "\(name) is a \(network.architecture) for \"\(network.description.task)\", not a network that "
                    + "colours pictures")
        }
        let prepared = colors.prepared(device: device, dtype: .float32)
        let (rendering, multiple) = (colors.rendering, colors.description.sizeMultiple)
        self.init(name: name) { luma in
            let (height, width) = (luma.shape[2], luma.shape[3])
            let (shownHeight, shownWidth) =
                rendering.shape == .square
                ? (rendering.stillSide, rendering.stillSide)
                : (Self.rounded(height, to: multiple), Self.rounded(width, to: multiple))
            let shown = luma.resized(height: shownHeight, width: shownWidth, antialias: true).clamped(to: 0...1)
            return prepared.predictedChroma(of: shown)
                .resized(height: height, width: width, antialias: true) * rendering.gain
        }
    }

    private static func rounded(_ side: Int, to multiple: Int) -> Int {
        max(multiple, (side + multiple / 2) / multiple * multiple)
    }

    /// No colour at all: what every network must beat.
    public static var grey: ColorCandidate {
        ColorCandidate(name: "grey") { luma in
            Tensor.zeros([1, 2, luma.shape[2], luma.shape[3]], device: luma.device)
        }
    }
}
