public import HeirloomTensors

extension KeyedNoise32 {
    /// The smooth and noisy picture that the colouriser's kit makes of a name: uint8 `[H, W, 3]`.
    public func picture(_ name: String, height: Int, width: Int) -> Tensor {
        let hash = hash(name)
        var samples: [UInt8] = []
        samples.reserveCapacity(height * width * 3)
        for index in 0..<height * width * 3 {
            let (channel, x, y) = (index % 3, index / 3 % width, index / 3 / width)
            let wave = Double((x * (channel + 1) + y * 2) % 32 - 16) / 16
            let value = (128 + 100 * wave + 24 * Self.number(hash, index)).rounded(.down)
            samples.append(UInt8(min(max(value, 0), 255)))
        }
        return Tensor(samples, shape: [height, width, 3])
    }
}
