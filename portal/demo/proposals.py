"""What classes need from visiting teachers in the term under way; the proposal itself is the reader's to compute."""

from portal.demo.scene import DemoCluster, Scene
from portal.domain.ids import uuid7
from portal.models import LessonDemand

NEEDED = (("三（2）班", "音乐", 2), ("四（2）班", "美术", 2), ("五（1）班", "音乐", 1))


def load(scene: Scene, cluster: DemoCluster, term) -> None:
    """Two or three demands of each rural member school, but only while the term is under way."""
    if not term.first_day <= scene.today <= term.last_day:
        return
    rural = [school for school in cluster.schools if school.location == "rural" and school != cluster.lead]
    scene.add_many(
        LessonDemand,
        [
            {
                "id": uuid7(),
                "term_id": term.id,
                "school_id": school.id,
                "class_name": class_name,
                "subject": subject,
                "periods": periods,
                "daily": 1,
            }
            for number, school in enumerate(rural)
            for class_name, subject, periods in NEEDED[: 2 + number % 2]
        ],
    )
