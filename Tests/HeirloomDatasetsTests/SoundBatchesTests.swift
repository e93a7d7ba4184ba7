import Foundation
@testable import HeirloomDatasets
import HeirloomTensors
import TestSupport
import Testing

@Suite struct SoundBatchesTests {
    private let folder: TemporaryFolder
    private let speech: SoundStore, noise: SoundStore

    init() throws {
        folder = try TemporaryFolder()
        // Talkers whose samples say who speaks: every value of one family has its own sign and size.
        speech = try folder.soundStore(
            [
                TestClip(count: 1200, start: 1000, rate: 4000, family: "ada"),
                TestClip(count: 16_000, start: 1000, rate: 4000, family: "bob"),
                TestClip(count: 1000, start: 1000, rate: 4000, family: "ada"),
                TestClip(count: 90, start: 1, rate: 8000, family: "elsewhere"),
            ], name: "speech")
        noise = try folder.soundStore(
            [
                TestClip(count: 480, start: 5000, rate: 4000, family: "keys"),
                TestClip(count: 20_000, start: 5000, rate: 4000, family: "fire"),
            ], name: "noise")
    }

    private func batches(
        seed: UInt64 = 1, speed: Double = 0, babble: Double = 0, lookAhead: Int = 2
    ) throws -> SoundBatches {
        try SoundBatches(
            speech: speech, noise: noise,
            options: .init(
                sampleRate: 4000, length: 4000, batchSize: 8, speedShare: speed, babbleShare: babble,
                batchesPerEpoch: 3, lookAhead: lookAhead), seed: seed)
    }

    @Test func aBatchIsAFunctionOfSeedEpochAndPosition() throws {
        let forwards = try batches(speed: 0.5, babble: 0.5)
        let places = (0..<2).flatMap { epoch in (0..<3).map { (epoch, $0) } }
        let expected = try places.map { try forwards.batch(epoch: $0.0, position: $0.1) }
        let backwards = try batches(speed: 0.5, babble: 0.5, lookAhead: 4)
        for (place, batch) in zip(places, expected).reversed() {
            let again = try backwards.batch(epoch: place.0, position: place.1)
            #expect(again.indices == batch.indices)
            expectEqual(again.input, batch.input)
            expectEqual(try #require(again.target), try #require(batch.target))
        }
        let other = try batches(seed: 2, speed: 0.5, babble: 0.5).batch(epoch: 0, position: 0)
        #expect(!other.input.isEqual(to: expected[0].input))
        #expect(!expected[0].input.isEqual(to: expected[1].input))
    }

    @Test func shapesAndClassesAreAsDescribed() throws {
        let source = try batches(babble: 0.5)
        let batch = try source.batch(epoch: 0, position: 0)
        #expect(batch.input.shape == [8, 2, 4000] && batch.input.dtype == .float32)
        #expect(batch.target?.shape == [8, 2] && batch.target?.dtype == .int64)
        #expect(source.noiseFamilies == ["keys", "fire", "babble"])
        let labels = try (0..<3).flatMap {
            try source.batch(epoch: 0, position: $0).target?.scalars(as: Int64.self) ?? []
        }
        let talkers = Set(stride(from: 0, to: labels.count, by: 2).map { labels[$0] })
        let noises = Set(stride(from: 1, to: labels.count, by: 2).map { labels[$0] })
        #expect(talkers == [0, 1], "the family without a clip at this rate speaks never")
        #expect(noises == [0, 1, 2])
        for (place, index) in batch.indices.enumerated() {
            #expect(speech.entries[index].family == Int(labels[2 * place]))
        }
    }

    /// Short words come with silence between them; a long clip fills the crop.
    @Test func wordsBecomePhrases() throws {
        let source = try batches()
        for position in 0..<3 {
            let batch = try source.batch(epoch: 1, position: position)
            let labels = try #require(batch.target).scalars(as: Int64.self)
            for place in 0..<8 {
                let crop = batch.input[place][0].scalars(as: Float.self)
                let silent = crop.count { $0 == 0 }
                if labels[2 * place] == 0 {
                    #expect(silent >= 320 && silent <= 3600, "pauses of 80 ms and more")
                    #expect(crop.contains { $0 > 0.03 })
                } else {
                    #expect(silent < 1280, "one pause at most, where the clip ended or was to begin")
                }
            }
        }
    }

    @Test func babbleIsSeveralTalkers() throws {
        let batch = try batches(babble: 1).batch(epoch: 0, position: 0)
        #expect(try #require(batch.target).scalars(as: Int64.self).enumerated().allSatisfy { $0 % 2 == 0 || $1 == 2 })
        #expect(batch.input.sliced(axis: 1, from: 1).abs().max().item() > 0)
    }

    @Test func aStoreWithoutTheRateIsRefused() throws {
        let error = #expect(throws: DatasetError.self) {
            try SoundBatches(speech: speech, noise: noise, options: .init(sampleRate: 44_100, batchSize: 1), seed: 0)
        }
        #expect(error?.code == .tooSmall && error?.description.contains("44100 Hz") == true)
    }

    /// A sine that is played faster is the sine of a higher tone: the interpolation's error stays 50 dB below it.
    @Test func fasterIsHigher() throws {
        let samples = (0..<400).map { Int16((20_000 * sin(0.22 * .pi * Double($0))).rounded()) }
        let speed = 1.09
        let error = samples.withUnsafeBufferPointer { samples in
            (30..<300).map { step -> Double in
                let place = Double(step) * speed
                return abs(Double(SincTable.shared.value(of: samples, at: place)) - 20_000 * sin(0.22 * .pi * place))
            }.max() ?? 0
        }
        #expect(error < 20_000 * 0.00316)
    }
}
