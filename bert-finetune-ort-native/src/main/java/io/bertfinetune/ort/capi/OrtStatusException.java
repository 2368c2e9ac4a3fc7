package io.bertfinetune.ort.capi;

/** What ONNX Runtime says when a call fails. Checked, so that every caller adds what it was doing. */
final class OrtStatusException extends Exception {
    private static final long serialVersionUID = 1;

    OrtStatusException(String message) {
        super(message);
    }
}
