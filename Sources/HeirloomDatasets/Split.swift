/// Pictures of a store divided into those that train and those that judge.
public struct Split: Sendable {
    /// The store.
    public let store: PackedStore
    /// Pictures to train on.
    public let training: [Int]
    /// Pictures never trained on.
    public let validation: [Int]

    /// Divides a store by explicit lists.
    public init(store: PackedStore, training: [Int], validation: [Int]) {
        self.store = store
        self.training = training
        self.validation = validation
    }
}

extension PackedStore {
    /// Sets a random part of the pictures aside for validation.
    /// - Parameter fraction: Part of the pictures, 0 up to but not including 1.
    /// - Throws: ``DatasetError`` when nothing would be left to train on.
    public func split(validation fraction: Double, seed: UInt64 = 0) throws -> Split {
        precondition((0..<1).contains(fraction), "a validation part of \(fraction)")
        var random = RandomSequence(seed, 0x5B_11_7)
        let order = (0..<count).shuffled(using: &random)
        let held = Int((Double(count) * fraction).rounded())
        guard held < count else {
            throw DatasetError(
                code: .tooSmall, path: path,
                reason: "has too few pictures (\(count)) to set some aside; add photographs")
        }
        return Split(store: self, training: order.dropFirst(held).sorted(), validation: order.prefix(held).sorted())
    }
}
