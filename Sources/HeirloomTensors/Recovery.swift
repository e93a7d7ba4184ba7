import CTorch

/// Runs tensor code in a scope where a failing operation becomes a thrown error instead of a trap.
///
/// Outside such a scope a failing operation is a mistake of the program and traps with the operation and its operands.
/// Inside, the first failure is kept, the operation yields an *undefined* tensor, every later operation yields one at
/// once, and the failure is thrown when the scope ends. Scopes nest. Only pipelines and the training step open one: they
/// know what to do when memory runs out.
/// - Parameter body: Synchronous code on the calling thread; the scope never spans an `await`.
/// - Returns: What `body` returns.
/// - Throws: ``TorchError`` of the first failing operation, or what `body` itself throws when no operation failed.
public func recovering<R>(_ body: () throws -> R) throws -> R {
    let scope = RecoveryScope()
    let outer = ct_thread_slot_get()
    ct_thread_slot_set(Unmanaged.passUnretained(scope).toOpaque())
    defer { ct_thread_slot_set(outer) }
    do {
        let result = try body()
        if let failure = scope.failure { throw failure }
        return result
    } catch {
        throw scope.failure ?? error
    }
}

/// The recovery scope of the calling thread: its first failure.
final class RecoveryScope {
    var failure: TorchError?

    static var current: RecoveryScope? {
        guard let raw = ct_thread_slot_get() else { return nil }
        return Unmanaged<RecoveryScope>.fromOpaque(raw).takeUnretainedValue()
    }
}

/// Takes over a message of the C boundary; false when the operation failed inside a recovery scope, traps outside one.
@discardableResult
func succeeded(
    _ message: ct_failure?, _ operation: @autoclosure () -> String, _ operands: @autoclosure () -> [Tensor]
) -> Bool {
    guard let message else { return true }
    let error = torchError(taking: message, operation(), operands())
    guard let scope = RecoveryScope.current else { fatalError(error.description) }
    if scope.failure == nil { scope.failure = error }
    return false
}

/// Traps with a sentence where a condition does not hold: `precondition` whose sentence optimised builds say, too.
func demand(
    _ condition: @autoclosure () -> Bool, _ message: @autoclosure () -> String, file: StaticString = #fileID,
    line: UInt = #line
) {
    if !condition() { fatalError(message(), file: file, line: line) }
}

/// Throws what a message of the C boundary says: for operations that meet the outside world (devices, files).
func throwing(_ message: ct_failure?, _ operation: @autoclosure () -> String) throws(TorchError) {
    guard let message else { return }
    throw torchError(taking: message, operation(), [])
}

private func torchError(taking message: UnsafeMutablePointer<CChar>, _ operation: String, _ operands: [Tensor])
    -> TorchError
{
    let text = String(cString: message)
    ct_message_free(message)
    let shapes = operands.map(\.summary).joined(separator: ", ")
    return TorchError(
        code: text.hasPrefix("M") ? .outOfMemory : .invalidOperation,
        operation: shapes.isEmpty ? operation : "\(operation)(\(shapes))",
        reason: String(text.dropFirst()))
}

/// True when an earlier operation of the current recovery scope failed: later ones do nothing.
var hasFailed: Bool { RecoveryScope.current?.failure != nil }

/// Calls one function of the C boundary that makes a tensor.
func make(
    _ operation: @autoclosure () -> String, _ operands: @autoclosure () -> [Tensor],
    _ call: (UnsafeMutablePointer<ct_tensor>) -> ct_failure?
) -> Tensor {
    guard !hasFailed else { return .undefined }
    var out = ct_tensor(raw: nil)
    guard succeeded(call(&out), operation(), operands()) else { return .undefined }
    return Tensor(owning: out)
}

/// Calls one function of the C boundary that makes two tensors.
func makePair(
    _ operation: @autoclosure () -> String, _ operands: @autoclosure () -> [Tensor],
    _ call: (UnsafeMutablePointer<ct_tensor>, UnsafeMutablePointer<ct_tensor>) -> ct_failure?
) -> (Tensor, Tensor) {
    guard !hasFailed else { return (.undefined, .undefined) }
    var first = ct_tensor(raw: nil)
    var second = ct_tensor(raw: nil)
    guard succeeded(call(&first, &second), operation(), operands()) else { return (.undefined, .undefined) }
    return (Tensor(owning: first), Tensor(owning: second))
}
