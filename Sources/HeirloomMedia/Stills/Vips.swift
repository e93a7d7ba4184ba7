import CVips
import Foundation
import Synchronization

/// The one door to libvips: starts it, and pairs each failure with the library's own words for it.
///
/// libvips keeps one error text for the whole process, so with several threads message and failure need not belong
/// together. Calls therefore run side by side, and one that failed (or that drew a warning) is run again alone, when
/// the text can only be its own. Failures are rare and the same input fails again, so this costs nothing that matters.
enum Vips {
    /// Thrown inside a body when a call of libvips returned failure.
    struct Failure: Error {}

    private static let gate = ReadersAndWriter()

    private struct Warnings {
        /// How many there were, those of ``byThread`` left out.
        var count = 0
        var texts: [String] = []
        /// Those of threads that work beside all others.
        var byThread: [UInt: [String]] = [:]
    }

    private static let warnings = Mutex(Warnings())

    /// Whether the library could be started, once per process.
    private static let isStarted: Bool = {
        guard heirloom_vips_start() == 0 else { return false }
        // Without a handler GLib would print warnings to stderr, past whoever shows the progress there.
        g_log_set_handler("VIPS", G_LOG_LEVEL_WARNING, { _, _, text, _ in Vips.note(warning: text) }, nil)
        return true
    }()

    /// Runs `body`, again and alone if it failed or drew warnings.
    ///
    /// - Parameter failure: makes the error from libvips' words.
    /// - Parameter body: repeatable; throws ``Failure`` where a call failed, or a `MediaError` of its own.
    /// - Returns: the result and what libvips warned about.
    static func perform<R>(
        failure: (String) -> MediaError, _ body: () throws -> R
    ) throws(MediaError) -> (result: R, warnings: [String]) {
        guard isStarted else { throw failure("libvips could not be started (\(takeErrorText()))") }
        do {
            let before = warnings.withLock { $0.count }
            let result = gate.shared { Result { try body() } }
            if case .success(let value) = result, warnings.withLock({ $0.count }) == before { return (value, []) }
            if case .failure(let error) = result, !(error is Failure) { throw error }
            return try alone(failure: failure, body)
        } catch let error as MediaError {
            throw error
        } catch {
            fatalError("a picture's code threw what it must not: \(error)")
        }
    }

    /// Runs `body` alone and once: for rows of a picture, which cannot be asked for again.
    ///
    /// Parameters and result as for ``perform(failure:_:)``; `body` need not be repeatable.
    static func performOnce<R>(
        failure: (String) -> MediaError, _ body: () throws -> R
    ) throws(MediaError) -> (result: R, warnings: [String]) {
        guard isStarted else { throw failure("libvips could not be started (\(takeErrorText()))") }
        do {
            return try alone(failure: failure, body)
        } catch let error as MediaError {
            throw error
        } catch {
            fatalError("a picture's code threw what it must not: \(error)")
        }
    }

    /// Runs `body` once beside all others, for work that waits for other threads and so must not keep them out.
    ///
    /// libvips' words for a failure may then be another thread's.
    /// - Parameter reason: a reason that is known without its words.
    static func performBeside<R>(
        reason: () -> MediaError?, failure: (String) -> MediaError, _ body: () throws -> R
    ) throws(MediaError) -> (result: R, warnings: [String]) {
        guard isStarted else { throw failure("libvips could not be started (\(takeErrorText()))") }
        let thread = UInt(pthread_self())
        warnings.withLock { $0.byThread[thread] = [] }
        let result = Result { try body() }
        let texts = warnings.withLock { $0.byThread.removeValue(forKey: thread) ?? [] }
        switch result {
        case .success(let value): return (value, texts)
        case .failure(let error as MediaError): throw error
        case .failure(is Failure): throw reason() ?? failure(takeErrorText())
        case .failure(let error): fatalError("a picture's code threw what it must not: \(error)")
        }
    }

    private static func alone<R>(
        failure: (String) -> MediaError, _ body: () throws -> R
    ) throws -> (result: R, warnings: [String]) {
        try gate.alone {
            warnings.withLock { $0.texts = [] }
            vips_error_clear()
            do {
                let value = try body()
                let texts = warnings.withLock { $0.texts }
                // Its tile cache paints a part that it could not read black, warns, and calls that success.
                guard !texts.contains(where: { $0.contains("error in tile") }) else {
                    throw failure(takeErrorText())
                }
                vips_error_clear()
                return (value, texts)
            } catch is Failure {
                throw failure(takeErrorText())
            }
        }
    }

    /// Throws ``Failure`` unless a call of libvips returned 0.
    static func check(_ code: Int32) throws {
        guard code == 0 else { throw Failure() }
    }

    /// Runs a call that hands out a new image.
    static func make(
        _ call: (UnsafeMutablePointer<UnsafeMutablePointer<VipsImage>?>) -> Int32
    ) throws -> VipsPicture {
        var out: UnsafeMutablePointer<VipsImage>?
        try check(call(&out))
        guard let out else { throw Failure() }
        return VipsPicture(owning: out)
    }

    private static func note(warning text: UnsafePointer<CChar>?) {
        guard let text else { return }
        let line = tidy(String(cString: text))
        let thread = UInt(pthread_self())
        // "read gave 3 warnings" only announces the ones that follow. A damaged file can warn once per row.
        func add(to texts: inout [String]) {
            if !line.hasPrefix("read gave") && !texts.contains(line) && texts.count < 8 { texts.append(line) }
        }
        warnings.withLock { warnings in
            if warnings.byThread[thread] != nil {
                add(to: &warnings.byThread[thread, default: []])
            } else {
                warnings.count += 1
                add(to: &warnings.texts)
            }
        }
    }

    private static func takeErrorText() -> String {
        guard let text = vips_error_buffer_copy() else { return "no reason was given" }
        defer { g_free(text) }
        let tidied = tidy(String(cString: text))
        return tidied.isEmpty ? "no reason was given" : tidied
    }

    /// One line: distinct lines joined, blank ones and full stops at the end dropped.
    private static func tidy(_ text: String) -> String {
        var seen: [String] = []
        for line in text.split(whereSeparator: \.isNewline) {
            let line = line.trimmingCharacters(in: .whitespaces.union(CharacterSet(charactersIn: ".")))
            if !line.isEmpty && !seen.contains(line) && seen.count < 4 { seen.append(line) }
        }
        return seen.joined(separator: ", ")
    }
}

/// A lock that many may hold together, or one alone.
///
/// `@unchecked Sendable`: the lock itself is the only state.
private final class ReadersAndWriter: @unchecked Sendable {
    private let lock = UnsafeMutablePointer<pthread_rwlock_t>.allocate(capacity: 1)

    init() {
        let code = pthread_rwlock_init(lock, nil)
        precondition(code == 0, "the system has no room for a lock")
    }

    deinit {
        pthread_rwlock_destroy(lock)
        lock.deallocate()
    }

    func shared<R>(_ body: () throws -> R) rethrows -> R {
        pthread_rwlock_rdlock(lock)
        defer { pthread_rwlock_unlock(lock) }
        return try body()
    }

    func alone<R>(_ body: () throws -> R) rethrows -> R {
        pthread_rwlock_wrlock(lock)
        defer { pthread_rwlock_unlock(lock) }
        return try body()
    }
}
