import type { Name } from '../../spec/index.ts';
import { checkComponent, unjudged, type CheckSettings, type Progress } from '../checking/check.ts';
import type { Implementation } from '../interface/implementation.ts';
import type { ComponentReport } from '../report/report.ts';

/** What the suite itself cannot do with one component must not keep the others from being judged. */
export async function checkOne(
  name: Name,
  implementation: Implementation,
  settings: CheckSettings,
  progress: Progress,
): Promise<ComponentReport> {
  try {
    return await checkComponent(name, implementation, settings, progress);
  } catch (error) {
    const reason = `the suite itself is broken: ${error instanceof Error ? `${error.name}: ${error.message}` : String(error)}`;
    return unjudged('broken', reason);
  }
}
