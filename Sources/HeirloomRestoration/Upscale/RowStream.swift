import HeirloomTensors

/// A picture computed from top to bottom, as far as its readers have asked for rows: how pictures larger than memory
/// pass through steps that look at neighbouring rows.
///
/// Rows that every reader has passed are forgotten, so memory holds the distance between the first and the last reader.
/// Readers are made before the first row is asked for; all of it happens on one thread.
final class RowStream {
    let height: Int
    let width: Int
    private let produce: (Range<Int>) throws -> Tensor
    /// What is held, top to bottom without gaps: the number of the first row and the rows `[N, C, rows, W]`.
    private var bands: [(top: Int, rows: Tensor)] = []
    private var end = 0
    /// The first row that each reader still wants.
    private var places: [Int] = []

    /// Rows in memory: those that were made and that some reader still wants.
    var heldRows: Int { bands.reduce(0) { $0 + $1.rows.shape[2] } }

    /// A picture and how its next rows are made.
    ///
    /// - Parameter produce: given the rows that are wanted at least, from the first that was never made, gives these or
    ///   more: `[N, C, rows, W]`.
    init(height: Int, width: Int, produce: @escaping (Range<Int>) throws -> Tensor) {
        self.height = height
        self.width = width
        self.produce = produce
    }

    /// A picture that is there already: `[N, C, H, W]`.
    convenience init(_ picture: Tensor) {
        self.init(height: picture.shape[2], width: picture.shape[3]) { _ in picture }
    }

    /// Someone who goes through the picture from top to bottom.
    func reader() -> RowReader {
        precondition(end == 0, "a reader that comes after the first row would miss it")
        places.append(0)
        return RowReader(stream: self, number: places.count - 1)
    }

    /// Rows, `[N, C, rows, W]`, for one of the readers.
    fileprivate func rows(_ range: Range<Int>, for reader: Int) throws -> Tensor {
        precondition(!range.isEmpty && range.upperBound <= height, "no rows \(range) of \(height)")
        precondition(range.lowerBound >= places[reader], "row \(range.lowerBound) was passed already")
        places[reader] = range.lowerBound
        forget()
        while end < range.upperBound {
            let made = try recovering { try produce(end..<range.upperBound) }
            let count = made.shape[2]
            precondition(count > 0 && end + count <= height, "\(count) rows at \(end) of \(height)")
            bands.append((end, made))
            end += count
        }
        let parts = bands.compactMap { top, rows -> Tensor? in
            let (first, last) = (max(range.lowerBound, top), min(range.upperBound, top + rows.shape[2]))
            guard first < last else { return nil }
            return rows.sliced(axis: 2, from: first - top, to: last - top)
        }
        return parts.count == 1 ? parts[0] : concatenated(parts, axis: 2)
    }

    /// Lets go of rows that all readers have passed.
    private func forget() {
        guard let first = places.min() else { return }
        bands.removeAll { $0.top + $0.rows.shape[2] <= first }
        // A few rows of a band keep the memory of all of it, so the last few move into memory of their own.
        guard let (top, rows) = bands.first, top < first, (first - top) * 2 >= rows.shape[2] else { return }
        bands[0] = (first, rows.sliced(axis: 2, from: first - top).copied(.contiguous))
    }
}

/// A place in a ``RowStream`` that moves downwards.
struct RowReader {
    fileprivate let stream: RowStream
    fileprivate let number: Int

    /// Rows of the picture, `[N, C, rows, W]`; none above the first of them will be asked for again.
    ///
    /// The tensor may share memory with the stream: it is not written to.
    func rows(_ range: Range<Int>) throws -> Tensor { try stream.rows(range, for: number) }
}
