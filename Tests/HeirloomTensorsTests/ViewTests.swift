import HeirloomTensors
import Testing

/// What shares memory and what does not.
@Suite struct ViewTests {
    private let grid = Tensor.range(to: 24).reshaped([2, 3, 4])

    @Test func compoundAssignmentRebinds() {
        let a = Tensor([1, 2] as [Float])
        var b = a
        b += Tensor([10, 10] as [Float])
        #expect(a.floats == [1, 2] && b.floats == [11, 12])
        b = a
        b -= a
        #expect(a.floats == [1, 2] && b.floats == [0, 0])
        b = a
        b *= a
        #expect(a.floats == [1, 2] && b.floats == [1, 4])
    }

    @Test func subscriptsAreViews() {
        let part = grid[1, 0..<2, (-2)...]
        #expect(part.shape == [2, 2] && part.floats == [14, 15, 18, 19])
        #expect(part.sharesStorage(with: grid))
        let copy = grid.copied()
        copy[0, 0].fill(-1)
        #expect(copy[0, 0].floats == [-1, -1, -1, -1] && copy[0, 1].floats == [4, 5, 6, 7])
        #expect(grid[0, 0].floats == [0, 1, 2, 3])
    }

    @Test func everySubscriptFormHasItsShape() {
        #expect(grid[0].shape == [3, 4])
        #expect(grid[-1, -1, -1].shape == [] && grid[-1, -1, -1].item() == 23)
        #expect(grid[TensorIndex.all].shape == [2, 3, 4])
        #expect(grid[0..<1].shape == [1, 3, 4])
        #expect(grid[1...].shape == [1, 3, 4])
        #expect(grid[..<1, ..<2].shape == [1, 2, 4])
        #expect(grid[0...1, 1...1].shape == [2, 1, 4])
        #expect(grid[TensorIndex.newAxis].shape == [1, 2, 3, 4])
        #expect(grid[TensorIndex.ellipsis, TensorIndex.newAxis].shape == [2, 3, 4, 1])
        #expect(grid[0, TensorIndex.newAxis, TensorIndex.ellipsis, 1].shape == [1, 3])
        #expect(grid[0, 0, 0, TensorIndex.ellipsis].shape == [])
        let everySecond = grid[TensorIndex.ellipsis, TensorIndex.range(start: 0, end: -1, step: 2)]
        #expect(everySecond.floats.prefix(4) == [0, 2, 4, 6])
        // Ends beyond the axis are clipped, as in Python.
        #expect(grid[0..<9, 2..<2].shape == [2, 0, 4])
    }

    @Test func shapeOperationsAreViewsWhereTheyCanBe() {
        for view in [
            grid.reshaped([6, 4]), grid.transposed([2, 1, 0]), grid.swappingAxes(0, 1), grid.unsqueezed(0),
            grid[TensorIndex.ellipsis, 0], grid.diagonal(1, 2), grid.windows(axis: 2, size: 2, step: 1),
            grid.flattened(), grid.split(every: 2, axis: 1)[1], grid.detached(),
        ] {
            #expect(view.sharesStorage(with: grid), "\(view.summary)")
        }
        #expect(!grid.transposed([2, 1, 0]).contiguous().sharesStorage(with: grid))
        #expect(grid.contiguous().sharesStorage(with: grid))
        #expect(grid.transposed([2, 1, 0]).strides == [1, 4, 12])
        #expect(grid.padded([0, 0]) === grid)
    }

    @Test func channelsLastKeepsValuesAndChangesStrides() {
        let x = Tensor.range(to: 24).reshaped([1, 2, 3, 4])
        let y = x.contiguous(.channelsLast)
        #expect(y.strides == [24, 1, 8, 2] && y.shape == x.shape && y.floats == x.floats)
        #expect(y.isContiguous(.channelsLast) && !y.isContiguous() && !x.isContiguous(.channelsLast))
        #expect(x.to(format: .channelsLast).isContiguous(.channelsLast))
        #expect(y.copied().isContiguous(.channelsLast))
        #expect(Tensor.empty([1, 2, 3, 4], format: .channelsLast).strides == [24, 1, 8, 2])
    }
}
