package io.bertfinetune.ort.capi;

/** Prints what the check finds. */
final class Doctor {
    private Doctor() {}

    public static void main(String[] args) {
        System.out.println(CudaCheck.run());
    }
}
