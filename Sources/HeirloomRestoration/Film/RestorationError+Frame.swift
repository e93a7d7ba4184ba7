import HeirloomMedia

extension RestorationError {
    /// Runs a step of a stage; what it throws says which frame the stage was working on.
    static func naming<R>(_ frame: VideoFrame, _ body: () throws -> R) throws -> R {
        do {
            return try body()
        } catch let error as RestorationError where [.frameFailed, .outOfMemory].contains(error.code) {
            throw error.about(frame.index)
        } catch let error as RestorationError {
            throw error
        } catch let error as MediaError {
            throw error
        } catch let error as CancellationError {
            throw error
        } catch {
            throw RestorationError(
                .frameFailed, "Cannot treat frame \(frame.index) (at \(frame.pts)): \(error).", frame: frame.index)
        }
    }
}
