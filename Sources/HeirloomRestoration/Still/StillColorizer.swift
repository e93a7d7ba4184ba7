public import HeirloomMedia
import HeirloomMediaTensors
import HeirloomModels
import HeirloomSignals
import HeirloomTensors

/// Colours still pictures: new chroma over the luma as it is, in 8 or 16 bits.
///
/// The network sees a small picture of the true shape; its chroma is guided by the full luma on the way to the full
/// size, and drawn back towards grey where a colour of that luma would not fit into red, green and blue. Large pictures
/// are done in bands, so that memory holds the picture and not its floats.
public struct StillColorizer {
    /// Pixels of a band.
    static let bandPixels = 1 << 20

    private let network: PatientNetwork
    private let settings: ColorSettings
    private let finisher: ChromaFinisher
    private let original: OriginalStill?

    /// A colorizer over a network, on the thread that made it.
    ///
    /// - Throws: `badRequest` where settings make no sense.
    public init(_ predictor: any ChromaPredictor, settings: ColorSettings = ColorSettings()) throws {
        try settings.validate()
        network = PatientNetwork(predictor)
        self.settings = settings
        finisher = ChromaFinisher(gain: settings.strength * predictor.rendering.gain)
        original = try settings.isOriginal ? OriginalStill(predictor, settings) : nil
    }

    /// What the network is shown of a picture.
    public func renderSize(of image: StillImage) -> RenderSize {
        settings.size(
            width: image.width, height: image.height, isFilm: false, rendering: network.predictor.rendering,
            multiple: network.predictor.sizeMultiple)
    }

    /// The picture in colour: red, green and blue of the same depth, with its opacity and metadata.
    ///
    /// Luma (BT.601 of the coded values) is kept to within a code value; colour that was there is replaced. A picture in
    /// red, green and blue keeps its profile. A grey picture with a profile becomes sRGB first, because no profile for
    /// grey fits a coloured picture.
    /// - Throws: `RestorationError` where the network fails.
    public func callAsFunction(_ image: StillImage) throws -> StillImage {
        if let original { return try guarded { original(image) } }
        let image = Self.withoutGreyProfile(image)
        let maps = try guarded { try self.maps(of: image, renderSize(of: image)) }
        var canvas = StillCanvas(like: image)
        let rows = max(1, Self.bandPixels / image.width)
        for top in stride(from: 0, to: image.height, by: rows) {
            let bottom = min(top + rows, image.height)
            let rgb = try guarded { band(top..<bottom, of: image, maps: maps) }
            canvas.write(rgb: rgb, atRow: top)
        }
        return canvas.finish()
    }

    /// A grey picture in the curve of sRGB. Where its profile cannot be read, its values are taken as they are; the
    /// writer leaves the profile out and says so.
    private static func withoutGreyProfile(_ image: StillImage) -> StillImage {
        guard image.channels.isGrey, image.metadata.profile != nil else { return image }
        return (try? image.convertedToSRGB()) ?? image
    }

    /// What was reduced for want of memory.
    var notes: [String] { network.notes }

    /// What is left out of a picture where the original's procedure is followed.
    func notes(on image: StillImage) -> [String] { original?.notes(on: image) ?? [] }

    /// The model of chroma in luma at the network's size: `[1, 4, h, w]`.
    private func maps(of image: StillImage, _ size: RenderSize) throws -> Tensor {
        let luma = shrunkLuma(of: image, size).to(device: network.predictor.device)
            .resized(height: size.height, width: size.width, antialias: true)
            .clamped(to: 0...1)
            .paddedByReflection(toMultipleOf: network.predictor.sizeMultiple)
        let chroma = try network.chroma(of: [luma], naming: "the picture")[0]
        let fitted = finisher.fit(ProfileChroma.matrix(of: image).map { Self.mixed(chroma, $0) } ?? chroma, luma: luma)
        return
            fitted
            .sliced(axis: 2, from: 0, to: size.height).sliced(axis: 3, from: 0, to: size.width)
    }

    private static func mixed(_ chroma: Tensor, _ matrix: [[Double]]) -> Tensor {
        chroma.conv2d(
            Tensor(matrix.flatMap { $0.map(Float.init) }, shape: [2, 2, 1, 1], device: chroma.device))
    }

    /// Luma shrunk by a whole number in bands, still at least twice as large as wanted: exact means, bounded memory.
    private func shrunkLuma(of image: StillImage, _ size: RenderSize) -> Tensor {
        let factor = min(image.width / size.width, image.height / size.height) / 2
        guard factor > 1 else { return Tensor(luma: image) }
        let rows = max(1, Self.bandPixels / image.width / factor) * factor
        let bands = stride(from: 0, to: image.height, by: rows).map { top in
            Tensor(luma: image, rows: top..<min(top + rows, image.height))
                .meanPooled(kernel: factor, stride: factor, ceil: true, countingPadding: false)
        }
        return concatenated(bands, axis: 2)
    }

    /// Red, green and blue of some rows: `[1, 3, rows, W]`, 0...1.
    private func band(_ rows: Range<Int>, of image: StillImage, maps: Tensor) -> Tensor {
        let luma = Tensor(luma: image, rows: rows).to(device: maps.device)
        let guided = GuidedModel.apply(
            maps.enlargedRows(rows, height: image.height, width: image.width), to: luma)
        let chroma = guided * ChromaFinisher.bearing(luma)
        return Self.inGamut(luma, chroma).to(device: .cpu)
    }

    /// Red, green and blue of a luma and a chroma, the chroma scaled down per pixel where a channel would leave 0...1:
    /// the luma stays exact and so does the hue.
    static func inGamut(_ luma: Tensor, _ chroma: Tensor) -> Tensor {
        let away = YCbCrMatrix.bt601.combined(luma: luma, chroma: chroma) - luma
        let room = `where`(away .> 0, (1 - luma).expanded(away.shape), luma.expanded(away.shape))
        let scale = (room / (away.abs() + 1e-6)).min(axes: [1], keepingDimensions: true).clamped(to: 0...1)
        return luma + away * scale
    }

    private func guarded<R>(_ body: () throws -> R) throws -> R {
        do {
            return try withoutGradients { try recovering(body) }
        } catch let error as TorchError {
            throw PatientNetwork.failure(error, naming: "the picture")
        }
    }
}
