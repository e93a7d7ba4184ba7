@testable import HeirloomDatasets
import HeirloomTensors
import TestSupport
import Testing

@Suite struct PictureBatchesTests {
    private let folder: TemporaryFolder
    private let store: PackedStore

    init() throws {
        folder = try TemporaryFolder()
        store = try folder.store([
            TestPicture(width: 100, height: 60, group: "people"), TestPicture(width: 50, height: 90, group: "night"),
            TestPicture(width: 40, height: 40), TestPicture(width: 16, height: 24, group: "people"),
            TestPicture(width: 200, height: 180, group: "night"),
        ])
    }

    private func batches(
        size: Int = 32, batch: Int = 2, smallest: Double = 0.75, mirrors: Bool = true, lookAhead: Int = 2,
        seed: UInt64 = 1, pictures: [Int]? = nil, weights: [String: Double]? = nil
    ) -> PictureBatches {
        PictureBatches(
            store: store, pictures: pictures ?? Array(0..<store.count),
            options: .init(
                size: size, batchSize: batch, smallestCrop: smallest, mirrors: mirrors, lookAhead: lookAhead),
            seed: seed, weights: weights)
    }

    @Test func aBatchIsAFunctionOfSeedEpochAndPosition() throws {
        let forwards = batches()
        let places = (0..<3).flatMap { epoch in (0..<forwards.batchesPerEpoch).map { (epoch, $0) } }
        let expected = try places.map { try forwards.batch(epoch: $0.0, position: $0.1) }
        let backwards = batches(lookAhead: 5)
        for (place, batch) in zip(places, expected).reversed() {
            let again = try backwards.batch(epoch: place.0, position: place.1)
            #expect(again.indices == batch.indices)
            expectEqual(again.input, batch.input)
        }
        let other = try batches(seed: 2).batch(epoch: 0, position: 0)
        #expect(!other.input.isEqual(to: expected[0].input))
        #expect(!expected[1].input.isEqual(to: expected[3].input), "two epochs with the same crops")
    }

    @Test func anEpochShowsEveryPictureOnce() throws {
        let source = batches(batch: 1, pictures: [4, 1, 2])
        #expect(source.batchesPerEpoch == 3)
        for epoch in 0..<3 {
            let seen = try (0..<3).flatMap { try source.batch(epoch: epoch, position: $0).indices }
            #expect(seen.sorted() == [1, 2, 4])
        }
        // A batch larger than the set repeats pictures, within one epoch of one batch.
        let small = batches(batch: 8)
        #expect(small.batchesPerEpoch == 1)
        #expect(Set(try small.batch(epoch: 0, position: 0).indices) == Set(0..<5))
    }

    @Test func weightsChooseGroups() throws {
        let source = batches(batch: 5, weights: ["night": 0, "people": 3])
        for epoch in 0..<5 {
            #expect(!(try source.batch(epoch: epoch, position: 0).indices.contains { [1, 4].contains($0) }))
        }
    }

    @Test func theLayoutIsChannelsLast() throws {
        let input = try batches(batch: 3).batch(epoch: 0, position: 0).input
        #expect(input.shape == [3, 3, 32, 32] && input.dtype == .uint8)
        #expect(input.isContiguous(.channelsLast) && !input.isContiguous())
    }

    /// Red is the column and green the row of the picture: they say which part of it a crop shows.
    @Test(arguments: [24, 40, 56])
    func cropsAreSquaresInsideThePicture(size: Int) throws {
        let source = batches(size: size, batch: 5, smallest: 0.6)
        var mirrored = 0
        var sides: Set<Int> = []
        for epoch in 0..<12 {
            let batch = try source.batch(epoch: epoch, position: 0)
            for (place, index) in batch.indices.enumerated() {
                let entry = store.entries[index]
                let crop = batch.input[place].to(dtype: .float32)
                #expect(crop[2].min().item() == Double(index) && crop[2].max().item() == Double(index))
                let (left, right) = (crop[0, 0, 0].item(), crop[0, 0, size - 1].item())
                let (top, bottom) = (crop[1, 0, 0].item(), crop[1, size - 1, 0].item())
                #expect(crop[0].min().item() >= 0 && crop[0].max().item() <= Double(entry.width - 1))
                #expect(crop[1].min().item() >= 0 && crop[1].max().item() <= Double(entry.height - 1))
                #expect(bottom > top, "upside down")
                if left > right { mirrored += 1 }
                // From middle to middle of the outermost samples; rounding twice and the edges add up to about two.
                let scale = Double(size) / Double(size - 1)
                let (width, height) = (abs(right - left) * scale, (bottom - top) * scale)
                #expect(abs(width - height) <= 3.5, "\(width)×\(height) is no square")
                let short = Double(min(entry.width, entry.height))
                let least = max(0.6 * short, min(Double(size), short))
                #expect(width <= short + 2.5 && width >= least - 3.5, "\(width) of \(short) at \(size)")
                sides.insert(Int(width))
            }
        }
        #expect((12...48).contains(mirrored), "\(mirrored) of 60 mirrored")
        #expect(sides.count > 10)
    }

    @Test func aWholePictureAtItsSizeIsItself() throws {
        let source = batches(size: 40, batch: 1, smallest: 1, mirrors: false, pictures: [2])
        expectEqual(try source.batch(epoch: 3, position: 0).input[0], store.picture(2))
    }

    /// A ramp stays the same ramp under symmetric weights, wherever the samples fall.
    @Test(arguments: [(3.3, 20.0, 32), (3.25, 16.0, 32), (0.7, 30.0, 30), (2.6, 55.5, 20), (1.0, 58.0, 9)])
    func resamplingIsSymmetric(start: Double, length: Double, size: Int) {
        let (side, slope) = (64, 3)
        let pixels = (0..<side * side).flatMap { index in
            [UInt8(index % side * slope), UInt8(index / side * slope), UInt8(200)]
        }
        for mirrors in [false, true] {
            var output = [UInt8](repeating: 0, count: size * size * 3)
            let crop = PictureCrop(x: start, y: start, width: length, height: length, isMirrored: mirrors)
            pixels.withUnsafeBufferPointer { input in
                output.withUnsafeMutableBufferPointer {
                    guard let target = $0.baseAddress else { return }
                    crop.render(input, pictureWidth: side, pictureHeight: side, size: size, target: target)
                }
            }
            let scale = length / Double(size)
            for place in 0..<size {
                let middle = start + (Double(place) + 0.5) * scale - 0.5
                // Where the weights would reach over the edge the ramp is bent.
                guard middle - max(scale, 1) >= 0, middle + max(scale, 1) <= Double(side - 1) else { continue }
                let column = mirrors ? size - 1 - place : place
                let wanted = middle * Double(slope)
                let row = size / 2
                // Rounding to a byte, and samples of the triangle at a shrunk picture's fractional steps.
                #expect(abs(Double(output[(row * size + column) * 3]) - wanted) <= 0.75, "column \(place)")
                #expect(abs(Double(output[(place * size + row) * 3 + 1]) - wanted) <= 0.75, "row \(place)")
                #expect(output[(place * size + row) * 3 + 2] == 200)
            }
        }
    }

    @Test func manySourcesComeAndGo() throws {
        for seed in 0..<20 {
            _ = try batches(lookAhead: 3, seed: UInt64(seed)).batch(epoch: seed, position: 1)
        }
    }
}
