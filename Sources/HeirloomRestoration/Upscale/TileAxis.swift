/// How one side of a picture is cut into tiles of the same length that overlap.
///
/// A tile is shown to the network with `context` samples on each side whose results are thrown away, except at the
/// borders of the picture; neighbours share at least `blend` samples of what is left and fade into each other there.
struct TileAxis: Equatable {
    /// Samples of the side.
    let length: Int
    /// Samples of a tile.
    let tile: Int
    /// Where the tiles begin.
    let starts: [Int]
    private let context: Int
    private let blend: Int

    /// A side cut into tiles.
    ///
    /// - Parameters:
    ///   - length: of the side; a multiple of `multiple`.
    ///   - tile: the length wished for, a multiple of `multiple`; a shorter side is one tile.
    ///   - context: samples thrown away on inner sides.
    ///   - blend: samples that neighbours share at least.
    ///   - multiple: what starts are multiples of.
    init(length: Int, tile: Int, context: Int, blend: Int, multiple: Int = 1) {
        precondition(length > 0 && length % multiple == 0, "\(length) samples are no multiple of \(multiple)")
        self.length = length
        self.tile = min(tile, length)
        self.context = context
        self.blend = blend
        guard tile < length else {
            starts = [0]
            return
        }
        let step = (tile - 2 * context - blend) / multiple * multiple
        precondition(step > 0, "a tile of \(tile) samples is all context (\(context)) and blend (\(blend))")
        let rest = length - tile
        let gaps = (rest + step - 1) / step
        starts = (0...gaps).map { $0 == gaps ? rest : $0 * rest / gaps / multiple * multiple }
    }

    /// How many tiles there are.
    var count: Int { starts.count }

    /// The samples that a tile sees.
    func seen(_ index: Int) -> Range<Int> { starts[index]..<starts[index] + tile }

    /// The samples of which a tile's results are used: all but the context of its inner sides.
    func kept(_ index: Int) -> Range<Int> {
        let first = index == 0 ? 0 : starts[index] + context
        let last = index == count - 1 ? length : starts[index] + tile - context
        return first..<last
    }

    /// How much of each enlarged sample that a tile keeps comes from it, 0...1; over all tiles the shares of a sample
    /// sum to 1.
    func shares(_ index: Int, scale: Int) -> [Float] {
        let own = kept(index)
        // Only neighbours reach into a tile; one further away does where tiles are crowded.
        let others = (0..<count).filter { kept($0).overlaps(own) }
        return (own.lowerBound * scale..<own.upperBound * scale).map { sample in
            let all = others.reduce(0) { $0 + weight($1, at: sample, scale: scale) }
            return Float(weight(index, at: sample, scale: scale) / all)
        }
    }

    /// Rises from the inner edges of what a tile keeps to 1 over the blend; 0 outside.
    private func weight(_ index: Int, at sample: Int, scale: Int) -> Double {
        let own = kept(index)
        guard (own.lowerBound * scale..<own.upperBound * scale).contains(sample) else { return 0 }
        func rise(_ distance: Int) -> Double {
            blend == 0 ? 1 : min(1, (Double(distance) + 0.5) / Double(blend * scale))
        }
        let before = index == 0 ? 1 : rise(sample - own.lowerBound * scale)
        let after = index == count - 1 ? 1 : rise(own.upperBound * scale - 1 - sample)
        return min(before, after)
    }
}
