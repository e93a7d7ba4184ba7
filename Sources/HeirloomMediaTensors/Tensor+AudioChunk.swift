public import HeirloomMedia
public import HeirloomTensors

extension Tensor {
    /// The samples of a piece of sound.
    ///
    /// - Shape: `[C, L]`, float32, on the CPU.
    /// - Range: ±1 full scale, as in the piece.
    public convenience init(audio chunk: AudioChunk) {
        self.init(Array(chunk.channels.joined()), shape: [chunk.channels.count, chunk.count])
    }
}

extension AudioChunk {
    /// Sound of a tensor.
    ///
    /// - Parameters:
    ///   - start: the position of the first sample.
    ///   - tensor: `[C, L]`, or `[L]` for one channel; any float type and device.
    /// - Precondition: the tensor has one or two axes and at least one channel.
    public init(start: Int, tensor: Tensor) {
        precondition(
            tensor.shape.count == 2 && tensor.shape[0] > 0 || tensor.shape.count == 1,
            "sound is [C, L] or [L], not \(tensor.shape)")
        let length = tensor.shape[tensor.shape.count - 1]
        let width = tensor.shape.count == 2 ? tensor.shape[0] : 1
        let samples = tensor.floats
        self.init(
            start: start, channels: (0..<width).map { Array(samples[$0 * length..<($0 + 1) * length]) })
    }
}
