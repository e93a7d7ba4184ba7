extension ClockMap {
    /// The same relation seen from the file: from file time to reference time.
    public var inverse: ClockMap {
        ClockMap(
            pieces: pieces.map {
                Piece(start: $0.fileStart, end: $0.fileEnd, reference: $0.file, file: $0.reference, rate: 1 / $0.rate)
            }, driftError: driftError)
    }

    /// From this map's reference time to the time of a third file, by way of this map's file.
    ///
    /// - Parameter next: maps this map's file time to the third file's time.
    /// - Returns: a map whose gaps are those of both.
    public func composed(with next: ClockMap) -> ClockMap {
        var result: [Piece] = []
        for first in pieces {
            for second in next.pieces {
                let start = max(first.start, bounded(first.referenceTime(at: second.start)))
                let end = min(first.end, bounded(first.referenceTime(at: second.end)))
                // Rounding must not leave slivers between pieces that touch.
                guard end - start > 1e-9 else { continue }
                result.append(
                    Piece(
                        start: start, end: end, reference: first.reference, file: second.fileTime(at: first.file),
                        rate: first.rate * second.rate))
            }
        }
        let error = (driftError * driftError + next.driftError * next.driftError).squareRoot()
        return ClockMap(pieces: Self.separated(result), driftError: error)
    }

    /// Infinity times a rate is infinity; nothing else to do.
    private func bounded(_ time: Double) -> Double { time.isNaN ? 0 : time }

    /// Ends moved by rounding are put back, so that no piece begins before the last one ended.
    private static func separated(_ pieces: [Piece]) -> [Piece] {
        pieces.indices.map { index in
            let piece = pieces[index]
            let start = index == 0 ? -.infinity : max(piece.start, pieces[index - 1].end)
            let end = index == pieces.count - 1 ? .infinity : piece.end
            return Piece(start: start, end: end, reference: piece.reference, file: piece.file, rate: piece.rate)
        }
    }
}
