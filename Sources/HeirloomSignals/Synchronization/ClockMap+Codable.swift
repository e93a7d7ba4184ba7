extension ClockMap: Codable {
    private enum Key: String, CodingKey { case pieces, driftError }

    /// Reads what ``encode(to:)`` wrote.
    ///
    /// - Throws: `DecodingError` when the pieces are no clock map.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: Key.self)
        let pieces = try values.decode([Piece].self, forKey: .pieces)
        let isOrdered =
            pieces.first?.start == -.infinity && pieces.last?.end == .infinity
            && zip(pieces, pieces.dropFirst()).allSatisfy { $0.end <= $1.start && $0.fileEnd <= $1.fileStart + 1e-9 }
        guard isOrdered else {
            throw DecodingError.dataCorruptedError(
                forKey: .pieces, in: values, debugDescription: "The pieces of the clock map do not follow each other.")
        }
        self.init(pieces: pieces, driftError: try values.decode(Double.self, forKey: .driftError))
    }

    /// Writes pieces and error of the drift.
    public func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: Key.self)
        try values.encode(pieces, forKey: .pieces)
        try values.encode(driftError, forKey: .driftError)
    }
}

// JSON has no infinity: an end that is not there is left out.
extension ClockMap.Piece: Codable {
    private enum Key: String, CodingKey { case start, end, reference, file, rate }

    /// Reads a piece.
    ///
    /// - Throws: `DecodingError` when it has no length or its clock stands still.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: Key.self)
        let start = try values.decodeIfPresent(Double.self, forKey: .start) ?? -.infinity
        let end = try values.decodeIfPresent(Double.self, forKey: .end) ?? .infinity
        let rate = try values.decode(Double.self, forKey: .rate)
        guard start < end, rate > 0, rate.isFinite else {
            throw DecodingError.dataCorruptedError(
                forKey: .rate, in: values, debugDescription: "A piece of the clock map has no length or no rate.")
        }
        self.init(
            start: start, end: end, reference: try values.decode(Double.self, forKey: .reference),
            file: try values.decode(Double.self, forKey: .file), rate: rate)
    }

    /// Writes a piece.
    public func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: Key.self)
        if start.isFinite { try values.encode(start, forKey: .start) }
        if end.isFinite { try values.encode(end, forKey: .end) }
        try values.encode(reference, forKey: .reference)
        try values.encode(file, forKey: .file)
        try values.encode(rate, forKey: .rate)
    }
}
