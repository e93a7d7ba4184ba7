public import HeirloomTensors

/// What one training step sees.
public struct Batch {
    /// The samples: for pictures uint8 `[N, 3, H, W]` in channels-last order.
    public var input: Tensor
    /// What is wanted, where the data says it; nil where the recipe makes it from the input.
    public var target: Tensor?
    /// Which samples of the data set these are.
    public var indices: [Int]

    /// Creates a batch.
    public init(input: Tensor, target: Tensor? = nil, indices: [Int] = []) {
        self.input = input
        self.target = target
        self.indices = indices
    }
}

/// Gives the batches of any epoch, each a function of epoch and position only, so that a run resumes anywhere.
public protocol BatchSource: AnyObject {
    /// Number of batches in an epoch, at least 1.
    var batchesPerEpoch: Int { get }
    /// One batch.
    /// - Throws: ``DatasetError`` when the data cannot be read.
    func batch(epoch: Int, position: Int) throws -> Batch
}
