/// Text of quoted strings and heredocs, and the sequences that interrupt it.
extension Lexer {
    /// Reads text of a quoted string up to whatever ends this piece of it.
    mutating func readQuoted() {
        var index = position
        var hasEscape = false
        func text() -> Token? {
            index > position ? Token(hasEscape ? .escapedText : .quotedText, position, index) : nil
        }
        while index < count {
            switch bytes[index] {
            case UInt8(ascii: "\""):
                finish(text(), then: .closeQuote, length: 1)
                popMode()
                return
            case UInt8(ascii: "\n"), UInt8(ascii: "\r"):
                var end = index
                while end < count, isNewlineByte(bytes[end]) { end += 1 }
                return finish(text(), then: .quotedNewline, length: end - index)
            case UInt8(ascii: "\\"):
                let next = index + 1
                guard next < count, !isNewlineByte(bytes[next]),
                    case let length = UTF8Bytes.looseLength(in: bytes, at: next), length > 0
                else { return finish(text(), then: .invalid, length: 1) }
                hasEscape = true
                index = next + length
            case UInt8(ascii: "$"), UInt8(ascii: "%"):
                let end = endOfIntroducers(from: index)
                if byte(at: end) != UInt8(ascii: "{") {
                    index = end
                } else if end - index == 1 {
                    return openSequence(after: text(), at: index)
                } else {
                    hasEscape = true
                    index = end + 1
                }
            case 0x80...:
                let length = UTF8Bytes.looseLength(in: bytes, at: index)
                guard length > 0 else { return finish(text(), then: .badUTF8, length: 1) }
                index += length
            default: index += 1
            }
        }
        finish(text(), then: nil, length: 0)
    }

    private func isNewlineByte(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r")
    }

    /// The end of a run of the same `$` or `%`.
    private func endOfIntroducers(from start: Int) -> Int {
        var index = start + 1
        while index < count, bytes[index] == bytes[start] { index += 1 }
        return index
    }

    private mutating func finish(_ text: Token?, then kind: Token.Kind?, length: Int) {
        if let text {
            tokens.append(text)
            position = text.end
        }
        if let kind { emit(kind, to: position + length) }
    }

    private mutating func openSequence(after text: Token?, at index: Int) {
        let isStripping = byte(at: index + 2) == UInt8(ascii: "~")
        let isInterpolation = bytes[index] == UInt8(ascii: "$")
        finish(
            text, then: isInterpolation ? .interpolation : .directive,
            length: isStripping ? 3 : 2)
        braces += 1
        interpolations.append(braces)
        if !heredocs.isEmpty { heredocs[heredocs.count - 1].atLineStart = false }
        pushMode(.expression)
    }

    /// The marker of a heredoc that opens here: `<<`, an optional dash, a name, a line ending.
    func heredocMarker() -> Range<Int>? {
        var start = position + 2
        if byte(at: start) == UInt8(ascii: "-") { start += 1 }
        guard let end = UTF8Bytes.identifierEnd(in: bytes, at: start) else { return nil }
        if byte(at: end) == UInt8(ascii: "\n") { return start..<end }
        let isCRLF = byte(at: end) == UInt8(ascii: "\r") && byte(at: end + 1) == UInt8(ascii: "\n")
        return isCRLF ? start..<end : nil
    }

    mutating func openHeredoc(_ marker: Range<Int>) {
        let lineEnd = byte(at: marker.upperBound) == UInt8(ascii: "\r") ? 2 : 1
        emit(.openHeredoc, to: marker.upperBound + lineEnd)
        heredocs.append(Heredoc(marker: marker))
        pushMode(.heredoc)
    }

    /// Reads one line of a heredoc, or the part of it up to an interpolation.
    mutating func readHeredocPart() {
        var index = position
        func text() -> Token? {
            index > position ? Token(.heredocText, position, index) : nil
        }
        while index < count {
            switch bytes[index] {
            case UInt8(ascii: "\n"):
                index += 1
                return endHeredocLine(Token(.heredocText, position, index))
            case UInt8(ascii: "\r"):
                guard byte(at: index + 1) == UInt8(ascii: "\n") else {
                    // Upstream's scanner stops at a carriage return alone.
                    return finish(text(), then: .invalid, length: count - index)
                }
                index += 1
            case UInt8(ascii: "$"), UInt8(ascii: "%"):
                let end = endOfIntroducers(from: index)
                if byte(at: end) != UInt8(ascii: "{") {
                    index = end
                } else if end - index == 1 {
                    return openSequence(after: text(), at: index)
                } else {
                    index = end + 1
                }
            case 0x80...:
                let length = UTF8Bytes.looseLength(in: bytes, at: index)
                guard length > 0 else { return finish(text(), then: .badUTF8, length: 1) }
                index += length
            default: index += 1
            }
        }
        finish(text(), then: nil, length: 0)
    }

    /// The line may turn out to be the end marker: then it is two tokens, marker and newline.
    private mutating func endHeredocLine(_ line: Token) {
        guard let heredoc = heredocs.last else { return finish(line, then: nil, length: 0) }
        let text = UTF8Bytes.trimmed(bytes, line.start..<line.end)
        if heredoc.atLineStart, text.elementsEqual(bytes[heredoc.marker]) {
            let isCRLF = line.count > 1 && bytes[line.end - 2] == UInt8(ascii: "\r")
            emit(.closeHeredoc, to: line.end - (isCRLF ? 2 : 1))
            emit(.newline, to: line.end)
            heredocs.removeLast()
            popMode()
        } else {
            heredocs[heredocs.count - 1].atLineStart = true
            finish(line, then: nil, length: 0)
        }
    }
}
