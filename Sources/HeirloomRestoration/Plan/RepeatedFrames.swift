/// Finds frames that repeat the one before in a regular pattern, as copying at a higher frame rate makes them.
enum RepeatedFrames {
    /// Of so many frames that follow each other, how many repeat the one before.
    struct Period: Equatable {
        let frames: Int
        let repeated: Int

        /// Frames that show something new.
        var distinct: Int { frames - repeated }
    }

    /// A repeated frame moves less than this part of its neighbours, coded again or not.
    private static let stillness = 0.2
    /// Below this motion, in parts of white, nothing can be told: the scene itself stands still.
    private static let leastMotion = 0.002
    /// The part of the frames that must follow the pattern.
    private static let agreement = 0.9

    /// The pattern with the fewest frames that nearly all moving frames follow; nil where there is none.
    ///
    /// Stretches are looked at one by one; each may begin anywhere in the pattern, and an edit may shift it.
    static func period(in frames: [SurveyedFrame]) -> Period? {
        let runs = moving(frames)
        guard runs.reduce(0, { $0 + $1.count }) >= 32 else { return nil }
        for length in 2...12 {
            for repeated in 1...max(1, length / 2) where repeated < length {
                if matches(runs, length, repeated) { return Period(frames: length, repeated: repeated) }
            }
        }
        return nil
    }

    /// For each run of frames in motion within a shot: whether each repeats the one before.
    private static func moving(_ frames: [SurveyedFrame]) -> [[Bool]] {
        var runs: [[Bool]] = []
        var current: [Bool] = []
        func close(_ runs: inout [[Bool]], _ current: inout [Bool]) {
            if current.count >= 8 { runs.append(current) }
            current = []
        }
        for (place, frame) in frames.enumerated() {
            let around = frames[max(0, place - 3)...min(frames.count - 1, place + 3)]
                .filter { $0.stretch == frame.stretch && $0.shot == frame.shot }
            let most = around.map(\.motion).max() ?? 0
            let follows =
                place > 0 && frames[place - 1].stretch == frame.stretch
                && frames[place - 1].shot == frame.shot
            guard follows, most >= leastMotion else {
                close(&runs, &current)
                continue
            }
            current.append(frame.motion < stillness * most)
        }
        close(&runs, &current)
        return runs
    }

    /// Whether in nearly all windows of `length` frames exactly so many repeat.
    private static func matches(_ runs: [[Bool]], _ length: Int, _ repeated: Int) -> Bool {
        var (windows, right) = (0, 0)
        for run in runs where run.count >= length {
            for start in 0...run.count - length {
                windows += 1
                if run[start..<start + length].count(where: \.self) == repeated { right += 1 }
            }
        }
        return windows >= 24 && Double(right) >= agreement * Double(windows)
    }
}
