import CLibAV
import Foundation
import Synchronization

/// FFmpeg's log, kept for error messages instead of being printed.
///
/// FFmpeg has one log for the whole process and its decoders write to it from threads of their own, so lines cannot be
/// assigned to an object for certain. The ring remembers which thread wrote what; an error message takes the last line
/// of its own thread since a mark, else the last line of any thread since then.
enum LibraryLog {
    private struct Line {
        let serial: UInt64
        let thread: UInt64
        let level: Int32
        let text: String
    }

    private struct Ring {
        var lines: [Line] = []
        var serial: UInt64 = 0
    }

    private static let capacity = 64
    private static let ring = Mutex(Ring())

    /// Installed once, on first use: from then on FFmpeg prints nothing.
    private static let installed: Void = {
        av_log_set_callback { object, level, format, arguments in
            let list: CVaListPointer? = arguments  // optional on some platforms, not on others
            guard let format, let list else { return }
            // Decoders that hide damage say so as mere information.
            let isConcealment = level == AV_LOG_INFO && strncmp(format, "concealing ", 11) == 0
            guard level <= AV_LOG_WARNING || isConcealment else { return }
            let text = LibraryLog.keep(level: level, format: format, arguments: list)
            if level <= AV_LOG_ERROR || isConcealment { DecoderWatch.hear(text, from: object) }
        }
    }()

    /// Makes sure that FFmpeg's log comes here, and returns the mark that `lastLine(since:)` takes.
    static func mark() -> UInt64 {
        _ = installed
        return ring.withLock { $0.serial }
    }

    /// The last line that tells of an error (else of a warning) since the mark; nil where nothing was logged.
    static func lastLine(since mark: UInt64) -> String? {
        let own = currentThread()
        return ring.withLock { ring in
            let recent = ring.lines.filter { $0.serial > mark }
            let errors = recent.filter { $0.level <= AV_LOG_ERROR }
            return errors.last { $0.thread == own }?.text ?? errors.last?.text
                ?? recent.last { $0.thread == own }?.text ?? recent.last?.text
        }
    }

    private static func keep(
        level: Int32, format: UnsafePointer<CChar>, arguments: CVaListPointer
    ) -> String {
        var prefix: Int32 = 0  // no "[mov,mp4 @ 0x…]" in front: the address means nothing to a reader
        let text = withUnsafeTemporaryAllocation(of: CChar.self, capacity: 1024) { buffer -> String in
            guard let base = buffer.baseAddress else { return "" }
            base[0] = 0
            _ = av_log_format_line2(nil, level, format, arguments, base, 1024, &prefix)
            return String(cString: base)
        }
        let trimmed = text.trimmingCharacters(in: .whitespacesAndNewlines)
        guard !trimmed.isEmpty else { return trimmed }
        let thread = currentThread()
        ring.withLock { ring in
            ring.serial += 1
            ring.lines.append(Line(serial: ring.serial, thread: thread, level: level, text: trimmed))
            if ring.lines.count > capacity { ring.lines.removeFirst() }
        }
        return trimmed
    }

    private static func currentThread() -> UInt64 {
        #if canImport(Darwin)
            return UInt64(UInt(bitPattern: pthread_self()))
        #else
            return UInt64(pthread_self())
        #endif
    }
}
