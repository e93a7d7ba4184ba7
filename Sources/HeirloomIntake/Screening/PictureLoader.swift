import Foundation
import HeirloomMedia
import HeirloomWorkers

/// Reads pictures on several threads and hands them out in the order of the list.
///
/// Each thread takes every n-th picture into a short queue of its own, so order costs no waiting room: what is held is
/// at most a few pictures a thread, however long the list.
final class PictureLoader {
    typealias Result = Swift.Result<LoadedPicture, MediaError>

    private static let ahead = 4

    private let queues: [ByteQueue<Result>]
    private var next = 0

    init(_ files: [PictureFile], options: IntakeOptions) {
        let threads = min(options.threads ?? min(8, ProcessInfo.processInfo.activeProcessorCount), max(1, files.count))
        queues = (0..<threads).map { number in
            let queue = ByteQueue<Result>(byteLimit: 64 << 20, countLimit: Self.ahead) { result in
                (try? result.get().pixels.count) ?? 0
            }
            let thread = Thread {
                for index in stride(from: number, to: files.count, by: threads) {
                    // The push throws when the loader is gone: the thread then ends.
                    guard (try? queue.push(Self.load(files[index], options: options))) != nil else { return }
                }
                queue.close()
            }
            thread.name = "pictures \(number)"
            thread.stackSize = 4 << 20
            thread.start()
            return queue
        }
    }

    deinit { for queue in queues { queue.cancel() } }

    /// The next picture of the list or why it cannot be read; nil after the last.
    func pop() throws -> Result? {
        defer { next += 1 }
        return try queues[next % queues.count].pop()
    }

    private static func load(_ file: PictureFile, options: IntakeOptions) -> Result {
        do { return .success(try LoadedPicture(file, options: options)) } catch let error as MediaError {
            return .failure(error)
        } catch {
            return .failure(
                MediaError(.libraryFailure, "read the picture", path: file.path, reason: String(describing: error)))
        }
    }
}
