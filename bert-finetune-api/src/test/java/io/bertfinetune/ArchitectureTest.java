package io.bertfinetune;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Who may import whom: down, never up, and nothing of a runtime. */
@AnalyzeClasses(packages = "io.bertfinetune", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule importsPointDown = layeredArchitecture()
            .consideringOnlyDependenciesInAnyPackage("io.bertfinetune..")
            .layer("experiment")
            .definedBy("io.bertfinetune.experiment")
            .layer("front door")
            .definedBy("io.bertfinetune")
            .layer("check")
            .definedBy("io.bertfinetune.check")
            .layer("spi")
            .definedBy("io.bertfinetune.spi")
            .layer("checkpoint")
            .definedBy("io.bertfinetune.checkpoint")
            .layer("page")
            .definedBy("io.bertfinetune.page")
            .layer("training")
            .definedBy("io.bertfinetune.training")
            .layer("model")
            .definedBy("io.bertfinetune.model")
            .layer("task")
            .definedBy("io.bertfinetune.task")
            .layer("metric")
            .definedBy("io.bertfinetune.metric")
            .layer("prediction")
            .definedBy("io.bertfinetune.prediction")
            .layer("optim")
            .definedBy("io.bertfinetune.optim")
            .layer("data")
            .definedBy("io.bertfinetune.data")
            .layer("text")
            .definedBy("io.bertfinetune.text")
            .layer("error")
            .definedBy("io.bertfinetune.error")
            .whereLayer("experiment")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("front door")
            .mayOnlyBeAccessedByLayers("experiment")
            .whereLayer("check")
            .mayOnlyBeAccessedByLayers("front door")
            .whereLayer("spi")
            .mayOnlyBeAccessedByLayers("front door")
            .whereLayer("checkpoint")
            .mayOnlyBeAccessedByLayers("front door")
            .whereLayer("page")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("training")
            .mayOnlyBeAccessedByLayers("front door", "checkpoint", "experiment", "page")
            .whereLayer("model")
            .mayOnlyBeAccessedByLayers("front door", "check", "spi", "training")
            .whereLayer("task")
            .mayOnlyBeAccessedByLayers("front door", "check", "spi", "training", "model")
            .whereLayer("metric")
            .mayOnlyBeAccessedByLayers("front door", "checkpoint", "experiment", "page", "training", "model", "task")
            .whereLayer("prediction")
            .mayOnlyBeAccessedByLayers("front door", "page", "training", "model", "task", "metric")
            .whereLayer("optim")
            .mayOnlyBeAccessedByLayers("front door", "check", "training", "model");

    @ArchTest
    static final ArchRule packagesFormNoCycle =
            slices().matching("io.bertfinetune.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule noRuntime = noClasses()
            .should()
            .dependOnClassesThat(resideInAnyPackage("io.bertfinetune.ort..", "ai.onnxruntime..", "ai.djl.."));

    @ArchTest
    static final ArchRule onlyThePageServes = noClasses()
            .that()
            .resideOutsideOfPackage("io.bertfinetune.page")
            .should()
            .dependOnClassesThat(resideInAnyPackage("com.sun.net.httpserver.."));

    @ArchTest
    static final ArchRule noExit = noClasses().should().callMethod(System.class, "exit", int.class);
}
