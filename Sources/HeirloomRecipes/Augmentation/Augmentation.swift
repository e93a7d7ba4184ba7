import Foundation
public import HeirloomTensors

/// Random changes of training pictures that keep what they show: fastai's standard transforms, drawn for each picture on
/// the device (their order and distributions are those of its releases of 2019).
public struct Augmentation: Codable, Sendable, Equatable {
    /// Part of the pictures whose corners move, and how far at most, as a share of half a side.
    public var warpProbability: Double, warp: Double
    /// Part of the pictures that are turned, and by how many degrees at most to either side.
    public var rotationProbability: Double, rotation: Double
    /// Part of the pictures that are enlarged about a random place, and how much at most.
    public var zoomProbability: Double, zoom: Double
    /// Part of the pictures whose brightness changes, and of those whose contrast does.
    public var lightProbability: Double
    /// How much light changes: brightness in 0.5·(1 ± light), contrast from 1 − light to its reciprocal.
    public var light: Double
    /// Part of the pictures that are mirrored.
    public var mirrorProbability: Double
    /// Noise at the end; nil adds none.
    public var noise: PixelNoise?

    /// Sets the numbers; the defaults are those of DeOldify's generators.
    public init(
        warpProbability: Double = 0.75, warp: Double = 0.25, rotationProbability: Double = 0.75, rotation: Double = 10,
        zoomProbability: Double = 0.75, zoom: Double = 1.2, lightProbability: Double = 0.75, light: Double = 0.5,
        mirrorProbability: Double = 0.5, noise: PixelNoise? = nil
    ) {
        precondition((0..<1).contains(warp) && (0..<1).contains(light) && zoom >= 1, "not an augmentation")
        self.warpProbability = warpProbability
        self.warp = warp
        self.rotationProbability = rotationProbability
        self.rotation = rotation
        self.zoomProbability = zoomProbability
        self.zoom = zoom
        self.lightProbability = lightProbability
        self.light = light
        self.mirrorProbability = mirrorProbability
        self.noise = noise
    }

    /// That of DeOldify's critics.
    public static let critic = Augmentation(warp: 0.2, zoom: 2, light: 0.2)

    /// Draws a transform for each picture of a batch, on the generator's device.
    public func transforms(count: Int, using generator: Generator) -> PictureTransforms {
        // One draw for everything.
        let draws = Tensor.uniform([18, count, 1, 1], using: generator)
        func between(_ index: Int, _ low: Double, _ high: Double) -> Tensor { draws[index] * (high - low) + low }
        func chance(_ index: Int, _ probability: Double) -> Tensor { draws[index] .< probability }
        let warps = chance(0, warpProbability).to(dtype: .float32)
        let brightness = between(11, 0.5 * (1 - light), 0.5 * (1 + light))
        let logContrast = between(13, log(1 - light), -log(1 - light))
        let angle = between(5, -rotation, rotation) * chance(6, rotationProbability).to(dtype: .float32)
        return PictureTransforms(
            warp: (draws.sliced(axis: 0, from: 1, to: 5) * 2 - 1) * warp * warps,
            angle: angle * (.pi / 180),
            zoom: between(7, 0, zoom - 1) * chance(8, zoomProbability).to(dtype: .float32) + 1,
            zoomRow: draws[9], zoomColumn: draws[10],
            mirrored: chance(15, mirrorProbability).to(dtype: .float32), cropRow: draws[16], cropColumn: draws[17],
            lightShift: (brightness.logit() * chance(12, lightProbability).to(dtype: .float32)).unsqueezed(3),
            lightFactor: (logContrast * chance(14, lightProbability).to(dtype: .float32)).exp().unsqueezed(3))
    }

    /// Changes pictures.
    /// - Parameters:
    ///   - pictures: `[N, C, H, W]` in 0...1, on the generator's device.
    ///   - side: Of the squares that are cut out.
    /// - Returns: `[N, C, side, side]`; in 0...1, with noise a little beyond.
    public func callAsFunction(_ pictures: Tensor, side: Int, using generator: Generator) -> Tensor {
        let changed = transforms(count: pictures.shape[0], using: generator)(pictures, side: side)
        guard let noise else { return changed }
        return noise(changed, where: noise.chosen(changed, using: generator), using: generator)
    }

    /// Changes inputs and targets alike; noise falls on both, differently, where it falls on one.
    /// - Parameters:
    ///   - input: `[N, C, H, W]` in 0...1.
    ///   - target: `[N, D, H, W]` in 0...1.
    /// - Returns: `[N, C, side, side]` and `[N, D, side, side]`.
    public func callAsFunction(
        _ input: Tensor, target: Tensor, side: Int, using generator: Generator
    ) -> (input: Tensor, target: Tensor) {
        guard input.isDefined, target.isDefined else { return (input, target) }
        let (own, other) = (input.shape, target.shape)
        precondition(
            own.count == 4 && other.count == 4 && own[0] == other[0] && own[2...] == other[2...],
            "\(input.summary) and \(target.summary) are not a batch of pairs")
        let pair = concatenated([input, target], axis: 1)
        let changed = transforms(count: own[0], using: generator)(pair, side: side)
        let parts = (changed.sliced(axis: 1, from: 0, to: own[1]), changed.sliced(axis: 1, from: own[1]))
        guard let noise else { return parts }
        let chosen = noise.chosen(changed, using: generator)
        return (noise(parts.0, where: chosen, using: generator), noise(parts.1, where: chosen, using: generator))
    }
}
