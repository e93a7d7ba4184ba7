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

    private static let warnings = Mutex<(count: Int, texts: [String])>((0, []))

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
            return try gate.alone {
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
        } catch let error as MediaError {
            throw error
        } catch {
            fatalError("a picture's code threw what it must not: \(error)")
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
        warnings.withLock { warnings in
            warnings.count += 1
            let line = tidy(String(cString: text))
            // "read gave 3 warnings" only announces the ones that follow. A damaged file can warn once per row.
            let isNew = !line.hasPrefix("read gave") && !warnings.texts.contains(line)
            if isNew && warnings.texts.count < 8 { warnings.texts.append(line) }
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
