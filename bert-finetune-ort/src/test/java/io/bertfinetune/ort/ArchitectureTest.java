package io.bertfinetune.ort;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Who may import whom, and who alone knows a library. */
@AnalyzeClasses(packages = "io.bertfinetune.ort", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule importsPointDown = layeredArchitecture()
            .consideringOnlyDependenciesInAnyPackage("io.bertfinetune.ort..")
            .layer("door")
            .definedBy("io.bertfinetune.ort")
            .layer("training")
            .definedBy("io.bertfinetune.ort.training")
            .layer("heads")
            .definedBy("io.bertfinetune.ort.heads")
            .layer("weights")
            .definedBy("io.bertfinetune.ort.weights")
            .layer("models")
            .definedBy("io.bertfinetune.ort.models")
            .layer("nn")
            .definedBy("io.bertfinetune.ort.nn")
            .layer("autodiff")
            .definedBy("io.bertfinetune.ort.autodiff")
            .layer("engine")
            .definedBy("io.bertfinetune.ort.engine")
            .layer("lowering")
            .definedBy("io.bertfinetune.ort.lowering")
            .layer("tokenizer")
            .definedBy("io.bertfinetune.ort.tokenizer")
            .layer("onnx")
            .definedBy("io.bertfinetune.ort.onnx")
            .layer("graph")
            .definedBy("io.bertfinetune.ort.graph")
            .whereLayer("door")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("training")
            .mayOnlyBeAccessedByLayers("door")
            .whereLayer("heads")
            .mayOnlyBeAccessedByLayers("training")
            .whereLayer("weights")
            .mayOnlyBeAccessedByLayers("door", "training")
            .whereLayer("models")
            .mayOnlyBeAccessedByLayers("training", "heads", "weights")
            .whereLayer("nn")
            .mayOnlyBeAccessedByLayers("training", "heads", "models")
            .whereLayer("autodiff")
            .mayOnlyBeAccessedByLayers("training")
            .whereLayer("engine")
            .mayOnlyBeAccessedByLayers("door", "training")
            .whereLayer("lowering")
            .mayOnlyBeAccessedByLayers("training", "engine")
            .whereLayer("tokenizer")
            .mayOnlyBeAccessedByLayers("door", "training")
            .whereLayer("onnx")
            .mayOnlyBeAccessedByLayers("training", "weights", "engine", "lowering");

    @ArchTest
    static final ArchRule packagesFormNoCycle =
            slices().matching("io.bertfinetune.ort.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule onlyTheEngineKnowsOnnxRuntimeAndNativeMemory = noClasses()
            .that(resideOutsideOfPackages("io.bertfinetune.ort.engine"))
            .should()
            .dependOnClassesThat(resideInAnyPackage("ai.onnxruntime..", "com.sun.jna.."));

    @ArchTest
    static final ArchRule onlyOnnxKnowsProtobuf = noClasses()
            .that(resideOutsideOfPackages("io.bertfinetune.ort.onnx"))
            .should()
            .dependOnClassesThat(resideInAnyPackage("com.google.protobuf.."));

    @ArchTest
    static final ArchRule onlyTheTokenizerKnowsDjl = noClasses()
            .that(resideOutsideOfPackages("io.bertfinetune.ort.tokenizer"))
            .should()
            .dependOnClassesThat(resideInAnyPackage("ai.djl.."));

    @ArchTest
    static final ArchRule noExit = noClasses().should().callMethod(System.class, "exit", int.class);
}
