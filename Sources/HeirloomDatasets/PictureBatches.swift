import HeirloomTensors

/// Square random crops of a store's pictures, mirrored at random, resampled to one size.
///
/// A loader thread prepares the batches that follow the one asked for; every batch is a function of seed, epoch and
/// position alone.
public final class PictureBatches: BatchSource {
    /// How crops are drawn.
    public struct Options: Sendable {
        /// Side of a batch's pictures in pixels.
        public var size: Int
        /// Pictures in a batch.
        public var batchSize: Int
        /// Smallest side of a crop, as a part of the picture's short side; the largest is 1.
        public var smallestCrop: Double
        /// Whether crops are pieces of `size` whole pixels, not resampled, where the picture is large enough.
        public var wholePixels: Bool
        /// Whether half of the crops are mirrored.
        public var mirrors: Bool
        /// Batches prepared ahead.
        public var lookAhead: Int

        /// Sets the options.
        public init(
            size: Int, batchSize: Int, smallestCrop: Double = 0.75, wholePixels: Bool = false, mirrors: Bool = true,
            lookAhead: Int = 2
        ) {
            precondition(size > 0 && batchSize > 0 && lookAhead > 0 && smallestCrop > 0 && smallestCrop <= 1)
            self.size = size
            self.batchSize = batchSize
            self.smallestCrop = smallestCrop
            self.wholePixels = wholePixels
            self.mirrors = mirrors
            self.lookAhead = lookAhead
        }
    }

    /// The options.
    public let options: Options
    /// Number of whole batches in an epoch; the samples that remain wait for the next epoch's order.
    public let batchesPerEpoch: Int
    private let loader: LookAhead<PreparedBatch>

    /// Batches of some pictures of a store.
    /// - Parameters:
    ///   - pictures: Which pictures; the sampler's numbers index this list.
    ///   - weights: How often each group is drawn relative to its size; groups not named count 1. Nil: once each.
    /// - Precondition: `pictures` is not empty.
    public init(
        store: PackedStore, pictures: [Int], options: Options, seed: UInt64, weights: [String: Double]? = nil
    ) {
        self.options = options
        let order: Sampler.Order =
            if let weights {
                .weighted(pictures.map { picture in store.groupName(of: picture).flatMap { weights[$0] } ?? 1 })
            } else {
                .shuffled
            }
        let sampler = Sampler(count: pictures.count, order: order, seed: seed)
        batchesPerEpoch = max(1, pictures.count / options.batchSize)
        let maker = BatchMaker(
            store: store, pictures: pictures, sampler: sampler, options: options, batchesPerEpoch: batchesPerEpoch)
        loader = LookAhead(options.lookAhead, size: { $0.pixels.count }, make: maker.make)
    }

    /// One batch: uint8 `[N, 3, size, size]`, channels-last.
    public func batch(epoch: Int, position: Int) throws -> Batch {
        precondition((0..<batchesPerEpoch).contains(position), "batch \(position) of \(batchesPerEpoch)")
        let prepared = try loader.item(epoch * batchesPerEpoch + position)
        let size = options.size
        let input = prepared.pixels.withUnsafeBytes {
            Tensor.copying($0, shape: [options.batchSize, size, size, 3], dtype: .uint8)
        }
        return Batch(input: input.transposed([0, 3, 1, 2]), indices: prepared.indices)
    }
}

/// Pixels of one batch, on their way between threads.
struct PreparedBatch: Sendable {
    var pixels: [UInt8]
    var indices: [Int]
}

/// Makes any batch from its number.
struct BatchMaker: Sendable {
    let store: PackedStore
    let pictures: [Int]
    let sampler: Sampler
    let options: PictureBatches.Options
    let batchesPerEpoch: Int

    func make(_ number: Int) -> PreparedBatch {
        let epoch = number / batchesPerEpoch
        let order = sampler.order(epoch: epoch)
        let first = number % batchesPerEpoch * options.batchSize
        let indices = (0..<options.batchSize).map { pictures[order[(first + $0) % order.count]] }
        let size = options.size
        let stride = size * size * 3
        let pixels = [UInt8](unsafeUninitializedCapacity: stride * indices.count) { buffer, count in
            for (place, index) in indices.enumerated() {
                var random = RandomSequence(sampler.seed, 0xC2_0B, UInt64(number), UInt64(place))
                let entry = store.entries[index]
                let crop = crop(of: entry, using: &random)
                guard let base = buffer.baseAddress else { break }
                store.withPixels(of: index) {
                    crop.render(
                        $0, pictureWidth: entry.width, pictureHeight: entry.height, size: size,
                        target: base + place * stride)
                }
            }
            count = stride * indices.count
        }
        return PreparedBatch(pixels: pixels, indices: indices)
    }

    private func crop(of entry: PackedStore.Entry, using random: inout RandomSequence) -> PictureCrop {
        let short = Double(min(entry.width, entry.height))
        // A crop below the batch's size would be enlarged and blurred: avoided as far as the picture allows.
        let least = max(options.smallestCrop * short, min(Double(options.size), short))
        let side = options.wholePixels ? min(Double(options.size), short) : random.uniform(least, short)
        var x = random.uniform(0, Double(entry.width) - side)
        var y = random.uniform(0, Double(entry.height) - side)
        if options.wholePixels { (x, y) = (x.rounded(), y.rounded()) }
        let isMirrored = random.uniform() < 0.5 && options.mirrors
        return PictureCrop(x: x, y: y, width: side, height: side, isMirrored: isMirrored)
    }
}
