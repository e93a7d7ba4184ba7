@testable import HeirloomRestoration
import HeirloomTensors
import TestSupport
import Testing

/// Cutting and putting together: whatever the sizes, nothing is lost, doubled or moved.
@Suite struct UpscaleTilerTests {
    struct Cut: CustomStringConvertible {
        var height: Int, width: Int, tile: Int, context: Int, blend: Int
        var multiple = 1
        var scale = 2
        var description: String {
            "\(height)×\(width), tile \(tile), context \(context), blend \(blend), multiple \(multiple), ×\(scale)"
        }
    }

    static let cuts = [
        Cut(height: 1, width: 1, tile: 64, context: 4, blend: 0),
        Cut(height: 5, width: 200, tile: 64, context: 4, blend: 8),
        Cut(height: 65, width: 64, tile: 64, context: 10, blend: 4, scale: 3),
        Cut(height: 97, width: 131, tile: 48, context: 4, blend: 8, scale: 4),
        Cut(height: 97, width: 131, tile: 48, context: 6, blend: 0),
        Cut(height: 97, width: 131, tile: 48, context: 4, blend: 4, multiple: 2),
        Cut(height: 61, width: 130, tile: 64, context: 8, blend: 8, multiple: 4, scale: 1),
    ]

    private func picture(_ cut: Cut, channels: Int = 3) -> Tensor {
        Tensor.uniform([1, channels, cut.height, cut.width], using: Generator(seed: 3))
    }

    private func whole(_ stream: RowStream) throws -> Tensor {
        let reader = stream.reader()
        // In uneven pieces, as a writer may ask.
        var pieces: [Tensor] = []
        var row = 0
        while row < stream.height {
            let end = min(stream.height, row + 37)
            pieces.append(try reader.rows(row..<end))
            row = end
        }
        return concatenated(pieces, axis: 2)
    }

    @Test("tiles of a network that only repeats pixels make the picture with repeated pixels", arguments: cuts)
    func identity(_ cut: Cut) throws {
        let picture = picture(cut)
        let tiler = Tiler(scale: cut.scale, context: cut.context, blend: cut.blend, multiple: cut.multiple)
        let plan = tiler.plan(height: cut.height, width: cut.width, tile: cut.tile)
        let result = try withoutGradients {
            try whole(
                tiler.enlarged(RowStream(picture), plan) { tile in
                    #expect(tile.shape[2] % cut.multiple == 0 && tile.shape[3] % cut.multiple == 0)
                    return tile.repeatedElements(cut.scale, axis: 2).repeatedElements(cut.scale, axis: 3)
                })
        }
        let expected = picture.repeatedElements(cut.scale, axis: 2).repeatedElements(cut.scale, axis: 3)
        #expect(result.shape == expected.shape)
        expectClose(result, expected, absolute: 1e-6)
    }

    @Test("every enlarged sample is shared out completely, and kept parts lie inside what is seen", arguments: cuts)
    func shares(_ cut: Cut) {
        for length in [cut.height, cut.width] {
            let length = (length + cut.multiple - 1) / cut.multiple * cut.multiple
            let axis = TileAxis(
                length: length, tile: cut.tile, context: cut.context, blend: cut.blend, multiple: cut.multiple)
            var sums = [Float](repeating: 0, count: length * cut.scale)
            for index in 0..<axis.count {
                let (seen, kept) = (axis.seen(index), axis.kept(index))
                #expect(seen.count == min(cut.tile, length) && seen.lowerBound % cut.multiple == 0)
                #expect(kept.lowerBound == 0 || kept.lowerBound - seen.lowerBound == cut.context)
                #expect(kept.upperBound == length || seen.upperBound - kept.upperBound == cut.context)
                for (offset, share) in axis.shares(index, scale: cut.scale).enumerated() {
                    sums[kept.lowerBound * cut.scale + offset] += share
                }
            }
            #expect(sums.allSatisfy { abs($0 - 1) < 1e-5 }, "\(cut)")
        }
    }

    @Test("where the context covers the network's view, tiles make exactly the untiled result", arguments: [0, 6])
    func exactness(_ blend: Int) throws {
        let cut = Cut(height: 150, width: 113, tile: 64, context: 5, blend: blend)
        let picture = picture(cut)
        // Sees 5 pixels far, and sees zeros beyond the picture, as real networks do.
        let kernel = Tensor.normal([3, 3, 11, 11], using: Generator(seed: 4)) * 0.1
        let network: (Tensor) -> Tensor = { tile in
            tile.conv2d(kernel, padding: (5, 5)).repeatedElements(2, axis: 2).repeatedElements(2, axis: 3)
        }
        let tiler = Tiler(scale: 2, context: cut.context, blend: cut.blend)
        let tiled = try withoutGradients {
            try whole(
                tiler.enlarged(
                    RowStream(picture), tiler.plan(height: cut.height, width: cut.width, tile: cut.tile),
                    network: network))
        }
        expectClose(tiled, network(picture), absolute: 2e-6)
        // One sample less of context shows: the test could fail.
        let blind = Tiler(scale: 2, context: 4, blend: 0)
        let wrong = try withoutGradients {
            try whole(
                blind.enlarged(
                    RowStream(picture), blind.plan(height: cut.height, width: cut.width, tile: cut.tile),
                    network: network))
        }
        #expect((wrong - network(picture)).abs().max().item() > 1e-3)
    }

    @Test("when memory runs out tiles are halved, the result stays, and at the smallest tile it is an error")
    func memory() throws {
        let cut = Cut(height: 200, width: 180, tile: 200, context: 4, blend: 4)
        let picture = picture(cut)
        let tiler = Tiler(scale: 2, context: 4, blend: 4)
        func restorer(fitting limit: Int) -> TiledRestorer {
            TiledRestorer(tiler) { tile in
                guard tile.shape[2] * tile.shape[3] <= limit * limit else { throw FakePredictor.outOfMemory }
                return tile.repeatedElements(2, axis: 2).repeatedElements(2, axis: 3)
            }
        }
        let plan = tiler.plan(height: cut.height, width: cut.width, tile: cut.tile)
        #expect(plan.count == 1)
        let patient = restorer(fitting: 60)
        let result = try withoutGradients { try whole(patient.enlarged(RowStream(picture), plan: plan)) }
        expectClose(result, picture.repeatedElements(2, axis: 2).repeatedElements(2, axis: 3), absolute: 1e-6)
        #expect(patient.notes.count == 2 && patient.notes[1].contains("48"), "\(patient.notes)")
        #expect(throws: TorchError.self) {
            try withoutGradients { try whole(restorer(fitting: 20).enlarged(RowStream(picture), plan: plan)) }
        }
    }

    @Test("grey and opacity pass through a colour network; even opacity stays exactly even")
    func channels() throws {
        // A network with a tint: luma of a grey g is g · 0.9.
        let tiler = Tiler(scale: 2, context: 0, blend: 0)
        let restorer = TiledRestorer(tiler) { tile in
            (tile * 0.9).repeatedElements(2, axis: 2).repeatedElements(2, axis: 3)
        }
        for channels in 1...4 {
            let picture = Tensor.uniform([1, channels, 9, 7], using: Generator(seed: 5))
            let even = channels == 2 || channels == 4
            if even { withoutGradients { picture.sliced(axis: 1, from: channels - 1).fill(0.7) } }
            let plan = tiler.plan(height: 9, width: 7, tile: 64, channels: channels)
            let result = try withoutGradients { try whole(restorer.enlarged(RowStream(picture), plan: plan)) }
            #expect(result.shape == [1, channels, 18, 14])
            let expected = (picture * 0.9).repeatedElements(2, axis: 2).repeatedElements(2, axis: 3)
            let colors = even ? channels - 1 : channels
            expectClose(
                result.sliced(axis: 1, from: 0, to: colors), expected.sliced(axis: 1, from: 0, to: colors),
                absolute: 1e-6)
            if even {
                let opacity = result.sliced(axis: 1, from: colors)
                #expect(opacity.isEqual(to: Tensor.full(opacity.shape, Double(Float(0.7)))))
            }
        }
    }

    @Test("a picture is read as far as its rows are asked for, and forgotten behind them")
    func streaming() throws {
        var made = 0
        let source = RowStream(height: 4000, width: 8) { rows in
            made = rows.upperBound
            return Tensor.zeros([1, 3, rows.count, 8])
        }
        let tiler = Tiler(scale: 2, context: 4, blend: 4)
        let result = tiler.enlarged(source, tiler.plan(height: 4000, width: 8, tile: 64)) {
            $0.repeatedElements(2, axis: 2).repeatedElements(2, axis: 3)
        }
        let reader = result.reader()
        try withoutGradients {
            for row in stride(from: 0, to: 8000, by: 100) {
                _ = try reader.rows(row..<row + 100)
                #expect(made < row / 2 + 200)
                #expect(source.heldRows <= 200 && result.heldRows <= 400)
            }
        }
        #expect(made == 4000)
    }
}
