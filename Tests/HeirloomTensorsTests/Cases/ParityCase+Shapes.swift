import HeirloomTensors

extension ParityCase {
    static let shapes: [ParityCase] = [
        ParityCase("reshaped") { $0[0].reshaped([2, -1, 3]) },
        ParityCase("reshaped transposed") { $0[0].transposed([2, 0, 1]).reshaped([-1]) },
        ParityCase("flattened") { $0[0].flattened(from: 1) },
        ParityCase("flattened in the middle") { $0[0].flattened(from: 1, through: 2) },
        ParityCase("transposed") { $0[0].transposed([2, 0, 1]) },
        ParityCase("swappingAxes") { $0[0].swappingAxes(0, -1) },
        ParityCase("expanded") { $0[0].expanded([2, 3, -1]) },
        ParityCase("unsqueezed") { $0[0].unsqueezed(-1) },
        ParityCase("squeezed") { $0[0].squeezed(1) },
        ParityCase("flipped") { $0[0].flipped([0, 2]) },
        ParityCase("rolled") { $0[0].rolled(by: 2, axis: 1) },
        ParityCase("repeated") { $0[0].repeated([2, 1, 3]) },
        ParityCase("repeatedElements") { $0[0].repeatedElements(3, axis: 1) },
        ParityCase("padded constant") { $0[0].padded([1, 2, 3, 0], mode: .constant(0.5)) },
        ParityCase("padded reflect") { $0[0].padded([3, 1, 2, 2], mode: .reflect) },
        ParityCase("padded replicate") { $0[0].padded([3, 1, 2, 6], mode: .replicate) },
        ParityCase("padded circular") { $0[0].padded([3, 1, 2, 2], mode: .circular) },
        ParityCase("windows") { $0[0].windows(axis: 2, size: 3, step: 2) },
        ParityCase("pixelShuffled") { $0[0].pixelShuffled(2) },
        ParityCase("pixelUnshuffled") { $0[0].pixelUnshuffled(2) },
        ParityCase("triangle upper") { $0[0].triangle(upper: true, diagonal: 1) },
        ParityCase("triangle lower") { $0[0].triangle(upper: false, diagonal: -1) },
        ParityCase("diagonal") { $0[0].diagonal() },
        ParityCase("split") { $0[0].split(every: 2, axis: -1) },
        ParityCase("concatenated") { concatenated($0, axis: 1) },
        ParityCase("stacked") { stacked($0, axis: 1) },
    ]

    static let indexing: [ParityCase] = [
        ParityCase("subscript index") { $0[0][1] },
        ParityCase("subscript negative index") { $0[0][-1, 2] },
        ParityCase("subscript ranges") { $0[0][1..., 1..<3, ..<(-1)] },
        ParityCase("subscript closed range") { $0[0][TensorIndex.all, 0...2] },
        ParityCase("subscript new axis and ellipsis") { $0[0][TensorIndex.newAxis, TensorIndex.ellipsis, 2] },
        ParityCase("subscript ellipsis first") { $0[0][TensorIndex.ellipsis, 1..<4, 0] },
        ParityCase("subscript step") {
            $0[0][TensorIndex.all, TensorIndex.all, TensorIndex.range(start: 1, end: nil, step: 2)]
        },
        ParityCase("sliced") { $0[0].sliced(axis: 1, from: 1, to: 100, by: 2) },
        ParityCase("selected") { $0[0].selected(axis: 1, index: -2) },
        ParityCase("gatheredRows") { $0[0].gatheredRows(axis: 1, $0[1]) },
        ParityCase("gathered") { $0[0].gathered(axis: 2, $0[1]) },
        ParityCase("masked") { $0[0].masked($0[1]) },
        ParityCase("scatterAdded") { $0[0].scatterAdded(axis: 1, indices: $0[1], $0[2]) },
    ]
}
