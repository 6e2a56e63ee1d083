"""Our own import contract: an app is reached through its doors alone."""

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output


class OnlyViaApi(Contract):  # type: ignore[misc]
    """Refuse an import of another app's inside: only its doors may be used."""

    type_name = "only_via_api"
    root = fields.StringField()
    doors = fields.SetField(subfield=fields.StringField())
    open_apps = fields.SetField(subfield=fields.StringField(), required=False)
    composers = fields.SetField(subfield=fields.StringField(), required=False)

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:  # noqa: FBT001
        """Collect the imports that cross a wall."""
        del verbose
        broken = sorted(
            (importer, imported)
            for importer in graph.modules
            for imported in graph.find_modules_directly_imported_by(importer)
            if self._crosses(importer, imported)
        )
        return ContractCheck(kept=not broken, metadata={"broken": broken})

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Name each crossing and the door to take."""
        for importer, imported in check.metadata["broken"]:
            output.print_error(f"{importer} -> {imported}: go through {self._app(imported)}.api", bold=False)

    def _app(self, module: str) -> str:
        return ".".join(module.split(".")[:2])

    def _crosses(self, importer: str, imported: str) -> bool:
        parts = imported.split(".")
        if parts[0] != self.root or len(parts) < 3 or self._app(imported) in (self.open_apps or ()):
            return False
        if self._app(importer) in (self.composers or ()):
            return False
        return self._app(importer) != self._app(imported) and parts[2] not in self.doors
