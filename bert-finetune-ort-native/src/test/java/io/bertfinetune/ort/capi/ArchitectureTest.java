package io.bertfinetune.ort.capi;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Who may import whom. */
@AnalyzeClasses(packages = "io.bertfinetune.ort.capi", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule knowsNoOtherBindingOfOnnxRuntime =
            noClasses().should().dependOnClassesThat(resideInAnyPackage("ai.onnxruntime..", "org.bytedeco.."));

    @ArchTest
    static final ArchRule knowsNothingOfBert = noClasses()
            .should()
            .dependOnClassesThat(resideInAnyPackage(
                    "io.bertfinetune.ort.training..",
                    "io.bertfinetune.ort.heads..",
                    "io.bertfinetune.ort.models..",
                    "io.bertfinetune.ort.nn..",
                    "io.bertfinetune.ort.weights..",
                    "io.bertfinetune.ort.tokenizer.."));

    @ArchTest
    static final ArchRule noExit = noClasses().should().callMethod(System.class, "exit", int.class);
}
