import HeirloomSignals
import HeirloomTensors

/// Shows a picture to a network in tiles and puts the results together without seams, a band of tiles at a time.
///
/// All tiles have the same shape, so that the network is planned once. Context that a tile sees beyond what is kept of
/// it makes the result equal to that of the whole picture where the context covers the network's field of view; where
/// it does not, neighbours fade into each other. The borders of the picture are the borders of the outer tiles, as they
/// would be of the whole.
struct Tiler {
    /// Bytes that a band of finished rows may take; bands of very wide pictures are less high than wide tiles are.
    static let bandBytes = 512 << 20

    /// How many times larger the network makes a picture.
    let scale: Int
    /// Samples thrown away on inner sides.
    let context: Int
    /// Samples over which neighbours fade into each other.
    let blend: Int
    /// What sides of tiles are multiples of.
    let multiple: Int

    init(scale: Int, context: Int, blend: Int, multiple: Int = 1) {
        self.scale = scale
        self.context = context
        self.blend = blend
        self.multiple = multiple
    }

    /// The smallest tile that is not mostly context.
    var smallestTile: Int { roundedUp(2 * context + blend + 32) }

    /// How a picture is cut.
    struct Plan {
        let rows: TileAxis
        let columns: TileAxis
        /// How many tiles there are.
        var count: Int { rows.count * columns.count }
    }

    /// How a picture is cut into tiles of a size; the sides need be no multiples.
    ///
    /// - Parameter channels: of the picture, for the memory of a band.
    func plan(height: Int, width: Int, tile: Int, channels: Int = 3) -> Plan {
        let tile = max(smallestTile, roundedUp(tile))
        let rowBytes = roundedUp(width) * scale * scale * channels * MemoryLayout<Float>.stride
        let affordable = Self.bandBytes / rowBytes + 2 * context
        let rows = max(smallestTile, min(tile, affordable / multiple * multiple))
        return Plan(
            rows: TileAxis(length: roundedUp(height), tile: rows, context: context, blend: blend, multiple: multiple),
            columns: TileAxis(length: roundedUp(width), tile: tile, context: context, blend: blend, multiple: multiple))
    }

    /// The enlarged picture, computed as its rows are asked for.
    ///
    /// - Parameters:
    ///   - source: the picture, `[N, C, H, W]`; mirrored at the right and below up to multiples.
    ///   - plan: how it is cut.
    ///   - network: enlarges a tile, `[N, C, h, w]` → `[N, C, h·scale, w·scale]`; what it gives is written to.
    func enlarged(_ source: RowStream, _ plan: Plan, network: @escaping (Tensor) throws -> Tensor) -> RowStream {
        let input = mirrored(source).reader()
        let columnShares = (0..<plan.columns.count).map { plan.columns.shares($0, scale: scale) }
        var band = 0
        // Rows that the next band shares with this one, weighted.
        var pending: Tensor?
        let width = source.width * scale
        let height = source.height * scale
        return RowStream(height: height, width: width) { _ in
            let axis = plan.rows
            let rows = try input.rows(axis.seen(band))
            let merged = try self.merged(rows, plan, band, columnShares, network)
            Self.multiply(merged, by: axis.shares(band, scale: self.scale), axis: 2)
            if let pending { merged.sliced(axis: 2, from: 0, to: pending.shape[2]).add(pending) }
            let top = axis.kept(band).lowerBound * self.scale
            let isLast = band == axis.count - 1
            let bottom = isLast ? height : axis.kept(band + 1).lowerBound * self.scale
            pending = isLast ? nil : merged.sliced(axis: 2, from: bottom - top).copied(.contiguous)
            band += 1
            return merged.sliced(axis: 2, from: 0, to: bottom - top).sliced(axis: 3, from: 0, to: width)
        }
    }

    /// The kept rows of all tiles of a band, put together from left to right: `[N, C, rows, W·scale]`.
    private func merged(
        _ rows: Tensor, _ plan: Plan, _ band: Int, _ shares: [[Float]], _ network: (Tensor) throws -> Tensor
    ) throws -> Tensor {
        let (axis, columns) = (plan.rows, plan.columns)
        let keptRows = axis.kept(band)
        let firstRow = (keptRows.lowerBound - axis.starts[band]) * scale
        var result: Tensor?
        for column in 0..<columns.count {
            let seen = columns.seen(column)
            let kept = columns.kept(column)
            let firstColumn = (kept.lowerBound - seen.lowerBound) * scale
            let tile = try network(rows.sliced(axis: 3, from: seen.lowerBound, to: seen.upperBound))
            let part =
                tile
                .sliced(axis: 2, from: firstRow, to: firstRow + keptRows.count * scale)
                .sliced(axis: 3, from: firstColumn, to: firstColumn + kept.count * scale)
            if columns.count == 1 { return part }
            Self.multiply(part, by: shares[column], axis: 3)
            let shape = part.shape
            let all =
                result
                ?? Tensor.zeros(
                    [shape[0], shape[1], shape[2], columns.length * scale], dtype: part.dtype, device: part.device)
            all.sliced(axis: 3, from: kept.lowerBound * scale, to: kept.upperBound * scale).add(part)
            result = all
        }
        guard let result else { preconditionFailure("a picture has at least one tile") }
        return result
    }

    /// Multiplies rows or columns by their shares; those that are 1 are left alone.
    private static func multiply(_ picture: Tensor, by shares: [Float], axis: Int) {
        // Shares differ from 1 near the ends only.
        let head = shares.prefix { $0 != 1 }.count
        let tail = head == shares.count ? 0 : shares.reversed().prefix { $0 != 1 }.count
        for range in [0..<head, shares.count - tail..<shares.count] where !range.isEmpty {
            var shape = [1, 1, 1, 1]
            shape[axis] = range.count
            let factors = Tensor(Array(shares[range]), shape: shape, device: picture.device).to(dtype: picture.dtype)
            picture.sliced(axis: axis, from: range.lowerBound, to: range.upperBound).multiply(by: factors)
        }
    }

    /// The picture with its last rows and columns mirrored up to multiples.
    private func mirrored(_ source: RowStream) -> RowStream {
        guard multiple > 1 else { return source }
        let multiple = multiple
        let height = roundedUp(source.height)
        let reader = source.reader()
        return RowStream(height: height, width: roundedUp(source.width)) { wanted in
            let last = min(wanted.upperBound, source.height)
            // The mirror at the bottom shows rows from before the last ones, so a few are read again.
            let first = max(0, (wanted.lowerBound - multiple) / multiple * multiple)
            let padded = try reader.rows(first..<last).paddedByReflection(toMultipleOf: multiple)
            let end = last == source.height ? height : last
            return padded.sliced(axis: 2, from: wanted.lowerBound - first, to: end - first)
        }
    }

    private func roundedUp(_ length: Int) -> Int { (length + multiple - 1) / multiple * multiple }
}
