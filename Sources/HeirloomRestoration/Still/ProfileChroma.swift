import HeirloomMedia
import HeirloomMediaTensors
import HeirloomSignals
import HeirloomTensors

/// How the colours of a picture with a profile of its own differ from those of sRGB.
///
/// The network speaks of sRGB. In a picture with wider primaries the same differences of red, green and blue mean
/// stronger colours, so chroma is scaled down (and turned a little) by what the profile itself says near middle grey.
/// The picture's own values and its profile stay.
enum ProfileChroma {
    /// What turns Cb and Cr of sRGB into those of the picture's own coding, row by row; nil where the picture has no
    /// profile or the profile cannot be used.
    static func matrix(of image: StillImage) -> [[Double]]? {
        guard let profile = image.metadata.profile, !image.channels.isGrey else { return nil }
        // Grey, a step of Cb, a step of Cr: as the picture codes them, at one luma.
        let step = 0.02
        let steps: [(cb: Double, cr: Double)] = [(0, 0), (step, 0), (0, step)]
        let samples = steps.flatMap { step -> [UInt16] in
            let red = 0.5 + 1.402 * step.cr
            let blue = 0.5 + 1.772 * step.cb
            let green = (0.5 - 0.299 * red - 0.114 * blue) / 0.587
            return [red, green, blue].map { UInt16(($0 * 65535).rounded()) }
        }
        let patches = StillImage(
            width: 3, height: 1, channels: .rgb, samples: samples, metadata: StillMetadata(profile: profile))
        guard let seen = try? patches.convertedToSRGB(), seen.channels == .rgb else { return nil }
        let chroma = YCbCrMatrix.bt601.split(Tensor(rgb: seen)).chroma.floats.map(Double.init)  // Cb × 3, Cr × 3
        let (a, b) = ((chroma[1] - chroma[0]) / step, (chroma[2] - chroma[0]) / step)
        let (c, d) = ((chroma[4] - chroma[3]) / step, (chroma[5] - chroma[3]) / step)
        let determinant = a * d - b * c
        // A profile that hardly tells colours apart is no profile for photographs.
        guard determinant > 0.1 else { return nil }
        return [[d / determinant, -b / determinant], [-c / determinant, a / determinant]]
    }
}
