import HeirloomTensors
import Testing

/// Scopes in which a failing operation throws.
@Suite struct RecoveryTests {
    private let matrix = Tensor.ones([2, 3])

    @Test func returnsTheResultOfABodyWithoutFailure() throws {
        #expect(try recovering { matrix.sum().item() } == 6)
    }

    @Test func throwsTheFirstFailureWithOperationAndOperands() throws {
        let error = #expect(throws: TorchError.self) {
            try recovering {
                let product = matrix.matmul(Tensor.ones([4, 5]))
                #expect(!product.isDefined)
                _ = matrix.reshaped([7])
            }
        }
        let failure = try #require(error)
        #expect(failure.code == .invalidOperation)
        #expect(failure.operation == "matmul(float32[2, 3], float32[4, 5])")
        #expect(failure.reason.contains("2x3 and 4x5"))
        #expect(!failure.description.contains("\n"), "no C++ backtrace")
        #expect(failure.description.hasPrefix("matmul(float32[2, 3], float32[4, 5]): invalid operation: "))
    }

    @Test func laterOperationsYieldUndefinedTensorsAndChangeNothing() throws {
        let untouched = Tensor.ones([2])
        var finished = false
        #expect(throws: TorchError.self) {
            try recovering {
                let lost = matrix.reshaped([7])
                #expect(lost.summary == "undefined" && lost.description == "undefined")
                #expect(lost.shape == [1, 1, 1, 1] && lost.rank == 4 && lost.count == 1 && lost.dtype == .float32)
                #expect(lost.device == .cpu && lost.strides.count == 4)
                #expect(!lost.isEqual(to: lost) && !lost.sharesStorage(with: matrix) && !lost.isContiguous())
                #expect(!lost.requiresGradient && !lost.isLeaf && lost.gradient == nil)
                // Operations on tensors that are fine do nothing either.
                #expect(!(matrix + 1).isDefined)
                #expect(!Tensor.zeros([2]).isDefined && !Tensor(1).isDefined)
                #expect(!Tensor([1, 2, 3] as [Float]).isDefined)
                untouched.fill(7)
                untouched.add(1)
                #expect(lost.item().isNaN && lost.floats.isEmpty)
                #expect(lost.withUnsafeBytes { $0.count } == 0)
                #expect(!lost[0, 1..<2].isDefined && !lost.swappingAxes(0, 5).isDefined)
                #expect(lost.split(every: 1, axis: 6).allSatisfy { !$0.isDefined })
                #expect(!lost.flattened(from: 5).isDefined && !lost.svd().s.isDefined)
                #expect(!lost.sorted(axis: 0).indices.isDefined && !concatenated([lost, lost], axis: 0).isDefined)
                lost.backward()
                #expect(gradients(of: [lost], withRespectTo: [matrix]).allSatisfy { $0?.isDefined == false })
                finished = true
            }
        }
        #expect(finished)
        #expect(untouched.floats == [1, 1])
    }

    @Test func outOfMemoryHasItsOwnCode() throws {
        let error = #expect(throws: TorchError.self) {
            try recovering { Tensor.empty([1 << 20, 1 << 30]) }
        }
        #expect(error?.code == .outOfMemory)
        #expect(error?.operation == "empty [1048576, 1073741824]")
        // The scope is over: everything works again.
        #expect((matrix + 1).sum().item() == 12)
    }

    @Test func bodysOwnErrorPassesUnlessAnOperationFailedBefore() {
        struct Own: Error {}
        #expect(throws: Own.self) { try recovering { throw Own() } }
        #expect(throws: TorchError.self) {
            try recovering {
                _ = matrix.reshaped([7])
                throw Own()
            }
        }
    }

    @Test func scopesNest() throws {
        let sum = try recovering {
            #expect(throws: TorchError.self) { try recovering { matrix.reshaped([7]) } }
            // The inner failure is the inner scope's alone.
            return (matrix + 1).sum().item()
        }
        #expect(sum == 12)

        let error = #expect(throws: TorchError.self) {
            try recovering {
                _ = matrix.reshaped([7])
                _ = try? recovering { matrix.reshaped([8]) }
            }
        }
        #expect(error?.operation == "reshaped [7](float32[2, 3])")
    }
}
