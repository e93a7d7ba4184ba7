extension TrainingEvent: Encodable {
    private enum Key: String, CodingKey {
        case phase, of, kind, size, batch, rate, progress, check, figures, verdict, note, saved
    }

    /// One object with the event's name as a key, for programs and logs.
    public func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: Key.self)
        switch self {
        case .phase(let index, let count, let phase):
            try values.encode(index + 1, forKey: .phase)
            try values.encode(count, forKey: .of)
            try values.encode(phase.kind, forKey: .kind)
            try values.encode(phase.size, forKey: .size)
            try values.encode(phase.batchSize, forKey: .batch)
            try values.encode(phase.rate, forKey: .rate)
        case .progress(let progress): try values.encode(progress, forKey: .progress)
        case .checked(let check): try values.encode(check, forKey: .check)
        case .validated(let phase, let figures):
            try values.encode(phase.map { $0 + 1 } ?? 0, forKey: .phase)
            try values.encode(figures, forKey: .figures)
        case .verdict(let verdict): try values.encode(verdict, forKey: .verdict)
        case .note(let text): try values.encode(text, forKey: .note)
        case .saved(let path): try values.encode(path, forKey: .saved)
        }
    }
}
