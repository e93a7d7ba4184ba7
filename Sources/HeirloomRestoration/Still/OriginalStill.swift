import HeirloomMedia
import HeirloomModels
import HeirloomTensors

/// Colours a picture as DeOldify's own program does, but for its watermark: 8 bits, no opacity, no profile taken into
/// account.
struct OriginalStill {
    private let procedure: OriginalColorizing
    private let network: DeOldifyGenerator

    /// - Throws: `badRequest` where the network is not one of DeOldify's.
    init(_ predictor: any ChromaPredictor, _ settings: ColorSettings) throws {
        guard let predictor = predictor as? NetworkPredictor, let network = predictor.network as? DeOldifyGenerator
        else {
            throw RestorationError(
                .badRequest, "The original's procedure needs a DeOldify model; the model \(settings.model) is none.")
        }
        self.network = network
        procedure = OriginalColorizing(
            renderFactor: settings.renderFactor ?? OriginalColorizing.stillRenderFactor, device: predictor.device,
            dtype: predictor.precision)
    }

    /// The picture in colour.
    func callAsFunction(_ image: StillImage) -> StillImage {
        let picture = Tensor(bytes(of: image), shape: [image.height, image.width, 3])
        let pixels: [UInt8] = procedure(picture, by: network).scalars()
        return image.replacingPixels(channels: .rgb, depth: .eight, pixels: pixels)
    }

    /// What is left out of a picture.
    func notes(on image: StillImage) -> [String] {
        var notes: [String] = []
        if image.depth == .sixteen { notes.append("the original's procedure has 8 bits: the other 8 were left out") }
        if image.channels.hasAlpha { notes.append("the original's procedure has no opacity: it was left out") }
        return notes
    }

    /// Red, green and blue side by side; of 16 bits the upper 8.
    private func bytes(of image: StillImage) -> [UInt8] {
        let (step, bytes) = (image.channels.count, image.depth.bytes)
        let high = image.depth == .sixteen && Int(littleEndian: 1) == 1 ? 1 : 0
        let offsets = image.channels.isGrey ? [0, 0, 0] : [0, 1, 2]
        var result: [UInt8] = []
        result.reserveCapacity(image.width * image.height * 3)
        for pixel in 0..<image.width * image.height {
            for offset in offsets { result.append(image.pixels[(pixel * step + offset) * bytes + high]) }
        }
        return result
    }
}
