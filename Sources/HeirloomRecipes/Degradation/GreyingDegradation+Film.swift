import HeirloomSignals
import HeirloomTensors

extension GreyingDegradation {
    /// What each film sees of red, green and blue light.
    private static let ordinary = [0.2126, 0.7152, 0.0722]
    private static let orthochromatic = [0.03, 0.57, 0.40], blue = [0.0, 0.1, 0.9]

    /// The light that films of different kinds see, as grey.
    func exposed(_ rgb: Tensor, _ draws: PictureDraws) -> Tensor {
        let luma = YCbCrMatrix.bt601.luma(of: rgb)
        let kind = draws.uniform()
        let spread = (0..<3).map { _ in draws.uniform(-sensitivity, sensitivity).exp() }
        let special = orthochromaticProbability + blueProbability
        guard special > 0 || sensitivity > 0 else { return luma }
        func film(_ weights: [Double]) -> Tensor {
            Tensor(weights.map(Float.init), shape: [1, 3, 1, 1], device: rgb.device)
        }
        let isBlue = kind .< blueProbability
        let weights =
            `where`(
                isBlue, film(Self.blue), `where`(kind .< special, film(Self.orthochromatic), film(Self.ordinary)))
            * concatenated(spread, axis: 1)
        let share = weights / weights.sum(axes: [1], keepingDimensions: true)
        let seen = SRGB.encoded((SRGB.linear(rgb) * share).sum(axes: [1], keepingDimensions: true))
        // Ordinary film without spread keeps luma itself, which differs a little from the luminance of light.
        return sensitivity > 0 ? seen : `where`(kind .< special, seen, luma)
    }

    /// What lens, film, projector and file make of the grey picture.
    func developed(_ luma: Tensor, _ draws: PictureDraws, using generator: Generator) -> Tensor {
        var x = softened(luma, draws)
        x = toned(lit(x, draws), draws)
        x = grained(x, draws, using: generator)
        x = worn(x, draws, using: generator).clamped(to: 0...1)
        let isPressed = draws.chance(jpegProbability)
        let quality = draws.uniform(lowQuality, highQuality)
        guard jpegProbability > 0 else { return x }
        let jpeg = JPEGRoundTrip(device: x.device, precision: .float32, published: false)
        return `where`(isPressed .> 0.5, jpeg.grey((x * 255).rounded() / 255, quality: quality.flattened()), x)
    }

    private func softened(_ x: Tensor, _ draws: PictureDraws) -> Tensor {
        let (isSoft, deviation) = (draws.chance(blurProbability), draws.uniform(0, blur))
        guard blurProbability > 0, blur > 0 else { return x }
        return `where`(isSoft .> 0.5, x.blurred(deviation: deviation, reach: Int((blur * 3).rounded(.up))), x)
    }

    /// Dark corners and uneven light.
    private func lit(_ x: Tensor, _ draws: PictureDraws) -> Tensor {
        let (height, width) = (x.shape[2], x.shape[3])
        var x = x
        let darkening = draws.uniform(0, vignette)
        if vignette > 0 {
            func squares(_ count: Int) -> Tensor {
                Tensor.linspace(from: -1, to: 1, count: count, device: x.device).squared()
            }
            // 1 in the corners, 0 in the middle.
            let distance = (squares(height).reshaped([-1, 1]) + squares(width).reshaped([1, -1])) * 0.5
            x = x * (1 - darkening * distance.reshaped([1, 1, height, width]))
        }
        let corners = (0..<4).map { _ in draws.uniform(1 - flicker, 1 + flicker) }
        if flicker > 0 {
            let grid = concatenated(corners, axis: 1).reshaped([-1, 1, 2, 2])
            x = x * grid.resized(height: height, width: width, alignCorners: true)
        }
        return x
    }

    private func toned(_ x: Tensor, _ draws: PictureDraws) -> Tensor {
        var x = x
        let exponent = draws.uniform(-logGamma, logGamma).exp()
        if logGamma > 0 { x = x.clamped(to: 0...1).raised(to: exponent) }
        let bend = draws.uniform(0, curve)
        if curve > 0 {
            let tone = x.clamped(to: 0...1)
            x = tone + (tone.squared() * (3 - tone * 2) - tone) * bend
        }
        let contrast = draws.uniform(lowContrast, highContrast)
        if lowContrast != 1 || highContrast != 1 { x = (x - 0.5) * contrast + 0.5 }
        let shift = draws.uniform(-brightness, brightness)
        return brightness > 0 ? x + shift : x
    }

    /// Grain, strongest where film is half exposed.
    private func grained(_ x: Tensor, _ draws: PictureDraws, using generator: Generator) -> Tensor {
        let strength = draws.chance(grainProbability) * draws.uniform(0, grain)
        let size = draws.uniform(0, grainSize)
        guard grainProbability > 0, grain > 0 else { return x }
        var noise = Tensor.normal(x.shape, using: generator)
        if grainSize > 0 {
            noise = noise.blurred(deviation: size, reach: Int((grainSize * 3).rounded(.up)))
            // Blurring makes it weaker; its deviation is 1 again.
            noise = noise / noise.standardDeviation(axes: [2, 3], keepingDimensions: true).clamped(to: 1e-6...)
        }
        let tone = x.clamped(to: 0...1)
        return x + noise * strength * (tone * (1 - tone) * 2 + 0.5)
    }

    /// Scratches and dust.
    private func worn(_ x: Tensor, _ draws: PictureDraws, using generator: Generator) -> Tensor {
        let (height, width) = (x.shape[2], x.shape[3])
        var x = x
        let isScratched = draws.chance(scratchProbability)
        let scratches = (0..<3).map { _ in (draws.uniform(-1, 1), draws.uniform(-0.05, 0.05), draws.uniform(-1, 1)) }
        if scratchProbability > 0, scratch > 0 {
            let columns = Tensor.linspace(from: -1, to: 1, count: width, device: x.device).reshaped([1, 1, 1, -1])
            let rows = Tensor.linspace(from: -1, to: 1, count: height, device: x.device).reshaped([1, 1, -1, 1])
            for (place, slope, tone) in scratches {
                // A line about a pixel wide, upright but for a little.
                let distance = (columns - place - slope * rows) * (Double(width) / 2)
                x = x + (distance.squared() * -1).exp() * tone * isScratched * scratch
            }
        }
        let isDusty = draws.chance(dustProbability)
        let isLight = draws.chance(0.5)
        if dustProbability > 0, dust > 0 {
            // Specks of two by two pixels with soft edges.
            let cells = Tensor.uniform([x.shape[0], 1, (height + 1) / 2, (width + 1) / 2], using: generator)
            let specks =
                (cells .< dust).to(dtype: .float32)
                .resized(height: height, width: width, mode: .bilinear) * isDusty
            x = x + (isLight - x) * specks
        }
        return x
    }
}
