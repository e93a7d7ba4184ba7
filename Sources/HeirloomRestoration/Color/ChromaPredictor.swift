public import HeirloomModels
public import HeirloomTensors

/// Something that sees luma and says chroma: the colour network, or a stand-in in tests.
///
/// Confined to the thread that made it.
public protocol ChromaPredictor: AnyObject {
    /// Where it computes.
    var device: Device { get }
    /// What it computes in, for the report.
    var precision: DType { get }
    /// Height and width of its input are multiples of this.
    var sizeMultiple: Int { get }
    /// How it wants its pictures, and what becomes of its colours.
    var rendering: ColorRendering { get }

    /// The chroma of pictures.
    ///
    /// - Parameter luma: 0...1, BT.601 full range, on ``device``. Shape `[N, 1, H, W]`, float32.
    /// - Returns: Cb and Cr in −0.5...0.5. Shape `[N, 2, H, W]`, float32.
    /// - Throws: `TorchError` where the device runs out of memory.
    func chroma(of luma: Tensor) throws -> Tensor

    /// Begins with pictures and returns at once where it can; the answer is what ``chroma(of:)`` gives.
    ///
    /// - Returns: waits for the answer; called once, on the same thread.
    func begin(_ luma: Tensor) -> () throws -> Tensor

    /// Pictures of a size that it does best with at once.
    func batch(height: Int, width: Int) -> Int

    /// How many pictures of a batch are computed as one: the last digits of a picture's chroma may hang on how many
    /// others there are, never on what they show. A divisor of the batch.
    func group(of batch: Int, height: Int, width: Int) -> Int
}

extension ChromaPredictor {
    /// As Heirloom's own network has it.
    public var rendering: ColorRendering { ColorUNet.rendering }

    /// Computes here and now; a GPU goes on by itself.
    public func begin(_ luma: Tensor) -> () throws -> Tensor {
        let answer = Result { try chroma(of: luma) }
        return { try answer.get() }
    }

    /// A GPU gains a lot from a batch; on a CPU one picture's maps stay in its cache.
    public func batch(height: Int, width: Int) -> Int { device == .cpu ? 1 : 16 }

    /// The whole batch.
    public func group(of batch: Int, height: Int, width: Int) -> Int { batch }
}
